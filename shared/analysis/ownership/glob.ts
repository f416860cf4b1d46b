/**
 * Whether a pattern of a CODEOWNERS file covers a path (GitHub documentation, “About code owners”; gitignore without
 * `!` and `[…]`): `*` within a name, `**` over folders; without a slash before its end anywhere; a folder covers what is
 * in it. Names are compared part by part: no expression is made of the pattern.
 */
export function coversPath(pattern: string, path: string): boolean {
  const isAnchored = pattern.replace(/\/+$/, '').includes('/');
  const isFolder = pattern.endsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  const names = path.split('/').filter((part) => part !== '');
  if (parts.length === 0) return false;
  const starts = isAnchored ? [0] : names.map((_, index) => index);
  return starts.some((start) => coversFrom(parts, names.slice(start), isFolder));
}

/** The pattern has to be used up; what is left of the path lies in the folder that it named. */
function coversFrom(parts: readonly string[], names: readonly string[], isFolder: boolean): boolean {
  const [part, ...rest] = parts;
  if (part === undefined) return !isFolder || names.length > 0;
  if (part === '**') {
    if (rest.length === 0) return names.length > 0;
    for (let skipped = 0; skipped <= names.length; skipped++) {
      if (coversFrom(rest, names.slice(skipped), isFolder)) return true;
    }
    return false;
  }
  const [name, ...more] = names;
  if (name === undefined || !coversText(part, name)) return false;
  // `docs/*` covers files of the folder and not what lies deeper.
  if (rest.length === 0 && part.includes('*') && parts.length === 1 && more.length > 0 && part === '*')
    return false;
  return coversFrom(rest, more, isFolder);
}

/** `*` is any text, `?` one character; the case counts. */
export function coversText(pattern: string, text: string): boolean {
  let [at, inside, star, resume] = [0, 0, -1, 0];
  while (inside < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at++;
      resume = inside;
    } else if (wanted === '?' || wanted === text[inside]) {
      at++;
      inside++;
    } else if (star >= 0) {
      at = star + 1;
      inside = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
