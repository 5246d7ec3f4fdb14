import { WINDOW_PLACEHOLDER } from './promql.ts';

export const RATE_EXAMPLE = `sum(rate(requests_total[${WINDOW_PLACEHOLDER}]))`;

/** A query of a shape that is not understood, and what to write in its place. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
  readonly found: string;
  readonly possible: string;

  constructor(found: string, possible: string) {
    super(`found ${found}; possible: ${possible}`);
    this.found = found;
    this.possible = possible;
  }
}

/** @throws ShapeError */
export function refuse(found: string, possible: string): never {
  throw new ShapeError(found, possible);
}
