/**
 * Whether everything that `inner` can mean is meant by `outer`; `*` is any text and `?` any one character, in both.
 * Sound: true is always right. Linear in practice: one place to return to, as in matching text.
 */
export function contains(outer: string, inner: string): boolean {
  let [at, inside, star, resume] = [0, 0, -1, 0];
  while (inside < inner.length) {
    const wanted = outer[at];
    const given = inner[inside];
    if (wanted === '*') {
      star = at++;
      resume = inside;
    } else if (wanted !== undefined && (wanted === given || (wanted === '?' && given !== '*'))) {
      at++;
      inside++;
    } else if (star >= 0) {
      // Only a star of `outer` takes in a star of `inner`, or anything that did not fit.
      at = star + 1;
      inside = ++resume;
    } else return false;
  }
  while (outer[at] === '*') at++;
  return at === outer.length;
}

/** The same for AWS actions, whose case does not count. */
export function containsAction(outer: string, inner: string): boolean {
  return contains(outer.toLowerCase(), inner.toLowerCase());
}
