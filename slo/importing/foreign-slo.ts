/** An SLO of another tool, as far as a definition of ours can say it. */
export interface ForeignSlo {
  /** What messages call it: `shop.yaml: requests-availability`. */
  readonly origin: string;
  readonly name: string;
  readonly service: string;
  readonly description: string;
  /** As written there, 0 to 100: `99.9`. */
  readonly targetPercent: number;
  readonly periodDays: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly groupBy: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  /** Queries with `{{.window}}` for the window. */
  readonly indicator: { readonly counts: 'good' | 'bad'; readonly numerator: string; readonly total: string };
  /** What it said that ours does not, each a sentence. */
  readonly notKept: readonly string[];
}

/** An SLO that cannot be said in ours, and why. */
export interface LeftOut {
  readonly origin: string;
  readonly reason: string;
}

export type Imported = ForeignSlo | LeftOut;

export const isLeftOut = (imported: Imported): imported is LeftOut => 'reason' in imported;

/** A DNS label of what may be any text: `My_Service` is `my-service`. */
export function dnsLabel(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
}
