/**
 * Lets the engine put a text that was made of many pieces into one. A text that is written often, or kept for a
 * while, is otherwise walked piece by piece each time; searching it is what makes engines join it.
 */
export function flat(text: string): string {
  return text.indexOf('\u0000') === 0 ? '' : text;
}
