/** How two patterns with `*` and `?` stand to each other. Texts are compared as they are: lower them where case does not count. */

/** More comparisons than this and the answer is the careful one. */
const most = 4_000_000;

/** Whether everything that `inner` matches is matched by `outer`. False where that would take too long. */
export function covers(outer: string, inner: string): boolean {
  if (outer === '*' || outer === inner) return true;
  if (outer.length * inner.length > most) return false;
  let place = 0;
  let at = 0;
  let starPlace = -1;
  let starAt = 0;
  while (at < inner.length) {
    const wanted = outer[place];
    const found = inner[at];
    // Only a star takes in a star; any character takes in a `?` only where it is one itself.
    if (wanted === '*') {
      starPlace = place++;
      starAt = at;
    } else if (wanted === found || (wanted === '?' && found !== '*')) {
      place++;
      at++;
    } else if (starPlace >= 0) {
      place = starPlace + 1;
      at = ++starAt;
    } else return false;
  }
  while (outer[place] === '*') place++;
  return place === outer.length;
}

/** Whether some text is matched by both. True where finding out would take too long. */
export function overlaps(first: string, second: string): boolean {
  if (first === '*' || second === '*') return true;
  if (!/[*?]/.test(first)) return covers(second, first);
  if (!/[*?]/.test(second)) return covers(first, second);
  if (differAtOnce(first, second)) return false;
  if (first.length * second.length > most) return true;
  let row = new Uint8Array(second.length + 1);
  row[0] = 1;
  for (let index = 0; index < second.length && second[index] === '*'; index++) row[index + 1] = 1;
  for (const wanted of first) {
    const next = new Uint8Array(second.length + 1);
    if (wanted === '*') next[0] = row[0] ?? 0;
    for (let index = 0; index < second.length; index++) {
      const other = second[index];
      const both = wanted === other || wanted === '?' || other === '?';
      const reached =
        wanted === '*' || other === '*'
          ? (row[index + 1] === 1 && (wanted === '*' || other === '*')) ||
            next[index] === 1 ||
            row[index] === 1
          : both && row[index] === 1;
      next[index + 1] = reached ? 1 : 0;
    }
    row = next;
  }
  return row[second.length] === 1;
}

/** Whether two patterns say different characters before the first wildcard of either, or after the last. */
function differAtOnce(first: string, second: string): boolean {
  const shorter = Math.min(first.length, second.length);
  for (let at = 0; at < shorter; at++) {
    const [one, other] = [first.charCodeAt(at), second.charCodeAt(at)];
    if (isWild(one) || isWild(other)) break;
    if (one !== other) return true;
  }
  for (let back = 1; back <= shorter; back++) {
    const [one, other] = [first.charCodeAt(first.length - back), second.charCodeAt(second.length - back)];
    if (isWild(one) || isWild(other)) break;
    if (one !== other) return true;
  }
  return false;
}

const [star, question] = [0x2a, 0x3f];

function isWild(code: number): boolean {
  return code === star || code === question;
}
