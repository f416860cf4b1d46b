/** Reads DER (ITU-T X.690), as far as keys and certificates need it. Undefined for bytes that are none. */
export interface DerNode {
  readonly tag: number;
  /** What is inside. */
  readonly content: Uint8Array;
}

export const derTags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  sequence: 0x30,
} as const;

/** The elements that follow each other in these bytes. */
export function derNodes(bytes: Uint8Array): DerNode[] | undefined {
  const nodes: DerNode[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1];
    at += 2;
    if (length === undefined) return undefined;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 4) return undefined;
      length = 0;
      for (const byte of bytes.slice(at, at + count)) length = length * 256 + byte;
      at += count;
    }
    if (at + length > bytes.length) return undefined;
    nodes.push({ tag, content: bytes.slice(at, at + length) });
    at += length;
  }
  return nodes;
}

/** The elements of the sequence that these bytes are. */
export function derSequence(bytes: Uint8Array): DerNode[] | undefined {
  const [node] = derNodes(bytes) ?? [];
  return node?.tag === derTags.sequence ? derNodes(node.content) : undefined;
}

export function bigIntOf(bytes: Uint8Array): bigint {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex === '' ? 0n : BigInt(`0x${hex}`);
}

/** The number as that many bytes, most significant first. */
export function bytesOf(value: bigint, length: number): Uint8Array {
  const hex = value.toString(16).padStart(length * 2, '0');
  return Uint8Array.from({ length }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));
}
