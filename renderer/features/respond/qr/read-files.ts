import { type Joined, isPart, joinParts } from './parts.ts';

/** What was handed over: a file as text, or images of QR codes that make up one. */
export async function readHandedOver(files: readonly File[]): Promise<Joined> {
  const images = files.filter(({ type }) => type.startsWith('image/'));
  const [text, ...more] = files.filter((file) => !images.includes(file));
  if (text !== undefined) {
    if (images.length + more.length > 0) {
      return { problem: 'Choose one file, or the images of its codes, but not both.' };
    }
    return { text: await text.text() };
  }
  const { codesIn } = await import('./read-image.ts');
  const parts: string[] = [];
  for (const image of images) {
    let codes: readonly string[];
    try {
      codes = await codesIn(image);
    } catch {
      return { problem: `${image.name} is no image that can be read.` };
    }
    const own = codes.filter(isPart);
    if (own.length === 0) {
      return {
        problem:
          codes.length === 0
            ? `No QR code was found in ${image.name}. Take it from nearer, straight on, and without reflections.`
            : `The QR code in ${image.name} is none of a plan or of an approval.`,
      };
    }
    parts.push(...own);
  }
  return joinParts(parts);
}
