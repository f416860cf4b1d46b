import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const mostColours = 256;
/** Colours of the palette that are taken because nothing like them is in it yet. */
const rareColours = 96;

/**
 * The same picture with a palette of 256 colours (PNG, W3C recommendation): a screenshot loses nothing that is seen
 * and takes a third of the bytes. Takes what Chromium writes: 8 bits, RGB or RGBA, not interlaced.
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = choosePalette(counts);
  const indexOf = new Map(palette.map((colour, index) => [colour, index]));
  const lines = Buffer.alloc((width + 1) * height);
  for (const [at, colour] of pixels.entries()) {
    let index = indexOf.get(colour);
    if (index === undefined) {
      index = nearest(colour, palette);
      indexOf.set(colour, index);
    }
    lines[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = index;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk(
      'PLTE',
      Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    ),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The most frequent colours, then those farthest from all that are chosen: a small mark keeps its hue. */
function choosePalette(counts: ReadonlyMap<number, number>): number[] {
  const byCount = [...counts].toSorted(([, one], [, other]) => other - one).map(([colour]) => colour);
  const palette = byCount.slice(0, mostColours - rareColours);
  const rest = byCount.slice(palette.length);
  const distances = rest.map((colour) => distance(colour, palette[nearest(colour, palette)] ?? 0));
  while (palette.length < mostColours) {
    const farthest = distances.indexOf(Math.max(...distances));
    const chosen = rest[farthest];
    if (chosen === undefined || distances[farthest] === 0) break;
    palette.push(chosen);
    for (const [index, colour] of rest.entries()) {
      distances[index] = Math.min(distances[index] ?? 0, distance(colour, chosen));
    }
  }
  return palette;
}

function distance(one: number, other: number): number {
  return [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);
}

function nearest(colour: number, palette: readonly number[]): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [index, candidate] of palette.entries()) {
    const far = distance(colour, candidate);
    if (far < least) [best, least] = [index, far];
  }
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB, line by line. */
  readonly pixels: Uint32Array;
}

function decode(png: Buffer): Picture {
  const data: Buffer[] = [];
  let [width, height, samples] = [0, 0, 3];
  for (let at = signature.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const body = png.subarray(at + 8, at + 8 + length);
    const type = png.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      samples = body[9] === 6 ? 4 : 3;
    } else if (type === 'IDAT') data.push(body);
    at += length + 12;
  }
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), width * samples, height, samples);
  const pixels = Uint32Array.from({ length: width * height }, (_, at) => bytes.readUIntBE(at * samples, 3));
  return { width, height, pixels };
}

/** Undoes the filter of each line (PNG, section 9): what is left of, above, and above left of a byte predicts it. */
function unfiltered(lines: Buffer, lineLength: number, height: number, samples: number): Buffer {
  const bytes = Buffer.alloc(lineLength * height);
  for (let line = 0; line < height; line++) {
    const filter = lines[line * (lineLength + 1)] ?? 0;
    for (let column = 0; column < lineLength; column++) {
      const at = line * lineLength + column;
      const left = column < samples ? 0 : (bytes[at - samples] ?? 0);
      const above = line === 0 ? 0 : (bytes[at - lineLength] ?? 0);
      const corner = line === 0 || column < samples ? 0 : (bytes[at - lineLength - samples] ?? 0);
      const predicted = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter] ?? 0;
      bytes[at] = (lines[line * (lineLength + 1) + 1 + column] ?? 0) + predicted;
    }
  }
  return bytes;
}

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
