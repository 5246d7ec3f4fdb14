import type { TracedRequest } from './requests.ts';
import { databaseOf, operationOf, type Span } from './span.ts';

/** Where failing began, in traces of requests that failed. */
export interface FirstError {
  /** Of the span that failed first. */
  readonly service: string;
  /** The database that refused that span's connection or statement, where the statement was not at fault itself. */
  readonly database?: string;
  /** What it did, see {@link operationOf}. */
  readonly operation: string;
  /** In its sender's words; empty where it says nothing. */
  readonly error: string;
  readonly requests: number;
  /** Of the failing requests, 0..1. */
  readonly share: number;
}

/**
 * Classes of SQLSTATE that are the doing of who sent the statement: data, constraints, syntax and access.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const STATEMENT_AT_FAULT = /^(22|23|42)[0-9A-Z]{3}$/;

/** The first error of each request's cascade, the most frequent first: what failed after it may have failed because of it. */
export function firstErrors(requests: readonly TracedRequest[]): readonly FirstError[] {
  const found = requests.flatMap((request) => {
    const first = firstFailed(request);
    if (first === undefined) return [];
    const { service, attributes, statusMessage } = first;
    const words = [attributes['error.type'], attributes['error.message'] ?? statusMessage];
    const database = STATEMENT_AT_FAULT.test(first.attributes['error.type'] ?? '')
      ? undefined
      : databaseOf(first);
    return [
      {
        service,
        ...(database !== undefined && { database }),
        operation: operationOf(first, request.tree),
        error: words.filter(Boolean).join(' '),
      },
    ];
  });
  return [...Map.groupBy(found, (each) => JSON.stringify(each)).values()]
    .map((same) => ({ ...same[0]!, requests: same.length, share: same.length / requests.length }))
    .toSorted((one, other) => other.requests - one.requests);
}

/** Of the failed spans that nothing below made fail, the one that ended first. */
function firstFailed({ span, tree }: TracedRequest): Span | undefined {
  const origins: Span[] = [];
  const visit = (each: Span): boolean => {
    // Not some(): every branch is looked at.
    const below = tree.childrenOf(each).map(visit).includes(true);
    if (each.failed && !below) origins.push(each);
    return each.failed || below;
  };
  visit(span);
  return origins.toSorted((one, other) => one.endMs - other.endMs)[0];
}
