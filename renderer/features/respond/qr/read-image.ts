import jsQR from 'jsqr';

/** Pixels of the longer side at which a photo is looked at. */
const largestSide = 2_400;
/** Codes that one image is searched for. */
const mostCodes = 12;

/** What the QR codes in an image say; empty where there is none. Throws where it is no image. */
export async function codesIn(file: Blob): Promise<readonly string[]> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, largestSide / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return [];
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const found: string[] = [];
  while (found.length < mostCodes) {
    const { data } = context.getImageData(0, 0, width, height);
    const code = jsQR(data, width, height, { inversionAttempts: 'dontInvert' });
    if (code === null) break;
    found.push(code.data);
    // The reader finds one at a time: what was read is painted over.
    const corners = [
      code.location.topLeftCorner,
      code.location.topRightCorner,
      code.location.bottomRightCorner,
      code.location.bottomLeftCorner,
    ];
    const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
    context.fillStyle = 'white';
    context.fillRect(
      Math.min(...xs),
      Math.min(...ys),
      Math.max(...xs) - Math.min(...xs),
      Math.max(...ys) - Math.min(...ys),
    );
  }
  return found;
}
