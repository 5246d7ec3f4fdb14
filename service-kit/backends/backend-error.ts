/** Whose fault it is that there was no usable answer: `rejected` is the request's own (4xx but 429). */
export const BACKEND_FAILURES = ['timeout', 'unreachable', 'rejected', 'server_error', 'bad_answer'] as const;
export type BackendFailure = (typeof BACKEND_FAILURES)[number];

/** A request that brought no usable answer. The message says of whom, and is fit for a log. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
  readonly kind: BackendFailure;
  /** Of the answer; undefined where there was none. */
  readonly status: number | undefined;
  constructor(
    kind: BackendFailure,
    message: string,
    options: ErrorOptions & { readonly status?: number } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.status = options.status;
  }
}
