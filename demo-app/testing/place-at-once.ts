import { createJsonClient } from '../http/json-client.ts';

/** Spread over so many products that none runs out. */
const PRODUCTS = 5_000;
const TIMEOUT_MS = 60_000;

interface Placed {
  /** The order's id for each key that was taken. */
  readonly accepted: ReadonlyMap<string, string>;
  /** How many were told to come again, and when. */
  readonly refused: number;
  /** Whose connection ended without an answer. */
  readonly unanswered: number;
  /** Answers that are neither. */
  readonly wrong: readonly string[];
}

/** Places an order of one piece for each of `keys` at the same moment, each over a connection of its own. */
export async function placeAtOnce(storefrontUrl: string, keys: number | readonly string[]): Promise<Placed> {
  const all =
    typeof keys === 'number' ? Array.from({ length: keys }, (_, index) => `at-once-${index}`) : keys;
  const client = createJsonClient({ baseUrl: storefrontUrl, timeoutMs: TIMEOUT_MS, maxSockets: all.length });
  const accepted = new Map<string, string>();
  const wrong: string[] = [];
  let refused = 0;
  let unanswered = 0;
  await Promise.all(
    all.map(async (key, index) => {
      const order = {
        userId: 'user-1',
        items: [{ productId: `product-${1 + (index % PRODUCTS)}`, quantity: 1 }],
      };
      const answer = await client
        .post('/api/checkouts', order, { headers: { 'Idempotency-Key': key } })
        .catch(() => undefined);
      if (answer === undefined) unanswered += 1;
      else if (answer.status === 202) accepted.set(key, answer.data.orderId);
      else if ([429, 503].includes(answer.status) && Number(answer.headers['retry-after']) > 0) refused += 1;
      else wrong.push(`${answer.status} ${JSON.stringify(answer.data)}`);
    }),
  );
  return { accepted, refused, unanswered, wrong };
}
