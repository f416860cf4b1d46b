/** What the analyst chooses files or a folder for. */
export const pickPurposes = [
  'evidence',
  'bundle',
  'bundle-folder',
  'policy-tests',
  'open-case',
  'create-case',
  'key',
  'receipt',
  'roster',
  'order',
  'ownership',
] as const;
export type PickPurpose = (typeof pickPurposes)[number];
