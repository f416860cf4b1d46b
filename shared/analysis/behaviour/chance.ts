/** P(X ≥ k) of a Poisson variable: how likely at least `count` is where `mean` is expected. Exact sums, no tables. */
export function atLeast(count: number, mean: number): number {
  if (count <= 0) return 1;
  if (mean <= 0) return 0;
  // The upper tail is summed directly: as one minus the lower one it would be lost in rounding.
  let term = Math.exp(-mean + count * Math.log(mean) - logFactorial(count));
  let sum = 0;
  for (let k = count + 1; term > sum * 1e-17 && k < count + 10_000; k++) {
    sum += term;
    term *= mean / k;
  }
  return Math.min(1, sum);
}

/** P(X ≤ k) of a Poisson variable. */
export function atMost(count: number, mean: number): number {
  if (count < 0) return 0;
  let sum = 0;
  for (let k = count; k >= 0; k--) {
    const term = Math.exp(-mean + k * Math.log(mean) - logFactorial(k));
    sum += term;
    if (k < mean && term < sum * 1e-17) break;
  }
  return Math.min(1, sum);
}

/** Stirling's series beyond small numbers. */
function logFactorial(number: number): number {
  if (number < 20) {
    let product = 1;
    for (let factor = 2; factor <= number; factor++) product *= factor;
    return Math.log(product);
  }
  return number * Math.log(number) - number + 0.5 * Math.log(2 * Math.PI * number) + 1 / (12 * number);
}
