import { createHash } from 'node:crypto';

export interface Account {
  /** `user-17`, or the name in the token. */
  readonly id: string;
  readonly region: string;
  readonly tier: string;
}

const SHARES = {
  region: ['eu', 'eu', 'us', 'us', 'apac'],
  tier: ['gold', 'silver', 'silver', 'bronze', 'bronze', 'bronze'],
} as const;

/** A few bits of a digest: the same in every process, and as the sample users of the shop's database have it. */
function drawn(what: keyof typeof SHARES, number: number): string {
  const digits = Number.parseInt(createHash('md5').update(`${what}${number}`).digest('hex').slice(0, 7), 16);
  return SHARES[what][digits % SHARES[what].length]!;
}

/** Whose a good token is; undefined for a visitor who did not sign in. Of others than the shop's users no more is known. */
export function accountOf(token: string): Account | undefined {
  const name = /^demo-(.+)$/.exec(token)?.[1];
  if (name === undefined) return undefined;
  const number = Number(/^user(\d{1,5})$/.exec(name)?.[1] ?? Number.NaN);
  if (Number.isNaN(number)) return { id: name, region: 'unknown', tier: 'unknown' };
  return { id: `user-${number}`, region: drawn('region', number), tier: drawn('tier', number) };
}
