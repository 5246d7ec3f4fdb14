/** 95 %. */
const Z = 1.959964;

/**
 * Wilson's score interval of a share, 95 %: what it may truly be, by so many events. 0 to 1 without any.
 *
 * @see https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm
 */
export function wilsonInterval(hits: number, total: number): readonly [lower: number, upper: number] {
  if (total <= 0) return [0, 1];
  const share = Math.min(1, hits / total);
  const z2 = Z * Z;
  const middle = share + z2 / (2 * total);
  const spread = Z * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total));
  const scale = 1 + z2 / total;
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)];
}
