import type { Request, Response } from 'express';
import { z } from 'zod';

/** `limit` and `before`, which every list has: newest first, `before` an id. */
export const pageQuery = {
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
} as const;

/** The query as `schema` has it; undefined once a 400 was answered that says what is wrong. */
export function readQuery<Schema extends z.ZodType>(
  schema: Schema,
  request: Request,
  response: Response,
): z.infer<Schema> | undefined {
  const query = schema.safeParse(request.query);
  if (query.success) return query.data;
  const problems = query.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'query'}: ${issue.message}`);
  response.status(400).json({ error: problems.join('; ') });
  return undefined;
}

/** The part of `found` to send, and `before` of the next page; ask the store for one more than `limit`. */
export function pageOf<Item>(found: readonly Item[], limit: number, idOf: (item: Item) => number) {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? idOf(last) : null };
}
