/** The formats that an import can be told to read, as people call them. */
export const formatTitles: Readonly<Record<string, string>> = {
  'aws-cloudtrail': 'AWS CloudTrail',
  'kubernetes-audit': 'Kubernetes audit',
};

export function formatTitle(name: string | null): string {
  if (name === null) return '–';
  return (Object.hasOwn(formatTitles, name) ? formatTitles[name] : undefined) ?? name;
}
