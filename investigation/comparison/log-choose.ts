/** ln(n!), by Stirling's series from 10 on: right to 1e-10. */
function logFactorial(n: number): number {
  let shift = 0;
  let m = n;
  for (; m < 10; m += 1) shift += Math.log(m + 1);
  const stirling =
    m * Math.log(m) -
    m +
    0.5 * Math.log(2 * Math.PI * m) +
    1 / (12 * m) -
    1 / (360 * m ** 3) +
    1 / (1260 * m ** 5);
  return stirling - shift;
}

/** ln of the number of ways to choose `k` of `n`. */
export const logChoose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
