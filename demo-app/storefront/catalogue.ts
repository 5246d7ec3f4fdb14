import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { Queries } from '../database/database.ts';
import { statement } from '../database/statement.ts';
import { ID } from './order.ts';

/** How many of each are there from the start, `user-1`, `product-1` and `order-1` and up: the sample data of the migrations. */
export const SAMPLES = { users: 10_000, products: 100_000, orders: 100_000 } as const;

interface User {
  readonly id: string;
  readonly displayName: string;
  readonly region: string;
  readonly tier: string;
}

const USERS = statement(
  'users',
  `SELECT id, display_name AS "displayName", region, tier FROM users WHERE number > $1 ORDER BY number LIMIT $2`,
);
const USER = statement(
  'user',
  `SELECT id, display_name AS "displayName", region, tier FROM users WHERE id = $1`,
);
const PRODUCTS = statement(
  'products',
  `SELECT id, name, price_cents AS "priceCents", stock FROM products WHERE number > $1 ORDER BY number LIMIT $2`,
);

/** A part of a list, in the order of the numbers in the ids. */
export interface Page {
  /** The number that comes before the first. */
  readonly after: number;
  readonly limit: number;
}

const DEFAULT_PAGE: Page = { after: 0, limit: 20 };
const LONGEST_PAGE = 100;

/**
 * `limit` and `after` of a query string: `?limit=50&after=product-20`.
 *
 * @throws {HttpError} 400
 */
export function pageOf({ limit, after }: Readonly<Record<string, unknown>>): Page {
  const number = Number(/^[a-z]+-(\d{1,9})$/.exec(String(after))?.[1]);
  if (after !== undefined && Number.isNaN(number))
    throw new HttpError(400, 'query: after: expected an id such as product-20');
  if (
    limit !== undefined &&
    !(/^\d{1,3}$/.test(String(limit)) && Number(limit) >= 1 && Number(limit) <= LONGEST_PAGE)
  )
    throw new HttpError(400, `query: limit: expected a whole number from 1 to ${LONGEST_PAGE}`);
  return {
    after: after === undefined ? DEFAULT_PAGE.after : number,
    limit: limit === undefined ? DEFAULT_PAGE.limit : Number(limit),
  };
}

/** The shop's users and products. */
export function createCatalogue({ query }: Queries) {
  return {
    users: ({ after, limit }: Page) => query<User>(USERS, [after, limit]),
    user: async (id: string) => (ID.test(id) ? (await query<User>(USER, [id]))[0] : undefined),
    products: ({ after, limit }: Page) => query(PRODUCTS, [after, limit]),
  };
}
