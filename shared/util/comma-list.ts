/** The parts of a comma-separated text, without the blanks around them; empty ones are left out. */
export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
