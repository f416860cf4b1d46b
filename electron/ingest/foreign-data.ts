/** Compressed data that is not decompressed here, by its first bytes in hex. */
const compressions: readonly (readonly [string, string])[] = [
  ['425a68', 'bzip2'], // https://sourceware.org/bzip2/
  ['fd377a585a00', 'xz'], // https://tukaani.org/xz/xz-file-format.txt
  ['04224d18', 'lz4'], // https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
  ['ff060000734e61507059', 'Snappy'], // https://github.com/google/snappy/blob/main/framing_format.txt
  ['1f8b08', 'gzip a second time'], // RFC 1952
  ['28b52ffd', 'zstd a second time'], // RFC 8878
  ['504b0304', 'zip within its compression'],
  ['377abcaf271c', '7-Zip'],
  ['526172211a07', 'RAR'],
];

/** Files of records that are neither JSON nor text. */
const binaries: readonly (readonly [string, string])[] = [
  ['50415231', 'Parquet'], // https://parquet.apache.org/docs/file-format/
  ['4f626a01', 'Avro'], // https://avro.apache.org/docs/1.12.0/specification/
  ['4f5243', 'ORC'],
  ['53514c69746520666f726d6174203300', 'SQLite'],
  ['456c6646696c6500', 'Windows event log'],
];

/** What a stream is that holds no records as it stands, and what to do with it; null where its start tells nothing. */
export function foreignData(head: Uint8Array): string | null {
  const start = Buffer.from(head.subarray(0, 16)).toString('hex');
  const compression = compressions.find(([mark]) => start.startsWith(mark));
  if (compression !== undefined) {
    return `It is compressed with ${compression[1]}, which is not undone here: decompress it, then import what comes out.`;
  }
  const binary = binaries.find(([mark]) => start.startsWith(mark));
  if (binary === undefined) return null;
  return `It is a ${binary[1]} file: export its records as JSON or CSV, then import those.`;
}
