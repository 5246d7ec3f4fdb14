/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY = /^(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/;
const SCALES: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** Bytes or processors; undefined for what is none, or in a notation that nobody writes by hand. */
export function parseQuantity(text: string): number | undefined {
  const [, number, unit] = QUANTITY.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (SCALES[unit ?? ''] ?? 1);
}

/** Rounded up to whole mebibytes or thousandths of a processor. */
export const formatQuantity = (resource: 'memory' | 'cpu', amount: number): string =>
  resource === 'memory'
    ? `${Math.ceil(amount / 1024 ** 2)}Mi`
    : `${Math.ceil(Math.round(amount * 1e6) / 1e3)}m`;
