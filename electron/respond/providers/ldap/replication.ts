import type { Entry } from 'ldapts';

/** Attribute ids of MS-ADA3 (ATTRTYP, MS-DRSR 5.16.4). */
const attributeIds = { unicodePwd: 589_914 } as const;
const headerBytes = 16;
const itemBytes = 48;

/**
 * How often an attribute was written, out of `replPropertyMetaData` (MS-DRSR 5.162, PROPERTY_META_DATA_EXT_VECTOR with
 * its version in front: version, reserved, number, reserved; then per attribute its id, its version, time, invocation
 * and update numbers, little-endian). Null where the directory does not show it; 0 where it was never written.
 */
export function attributeVersion(entry: Entry, name: keyof typeof attributeIds): number | null {
  const given = entry['replPropertyMetaData'];
  const bytes = Array.isArray(given) ? given[0] : given;
  if (!Buffer.isBuffer(bytes) || bytes.length < headerBytes || bytes.readUInt32LE(0) !== 1) return null;
  const count = bytes.readUInt32LE(8);
  if (bytes.length < headerBytes + count * itemBytes) return null;
  for (let index = 0; index < count; index++) {
    const at = headerBytes + index * itemBytes;
    if (bytes.readUInt32LE(at) === attributeIds[name]) return bytes.readUInt32LE(at + 4);
  }
  return 0;
}
