/** An answer other than success, with a reason the client may read. `cause` goes to the log, never to the client. */
export class HttpError extends Error {
  readonly status: number;
  /** When trying again can help, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    message: string,
    { retryAfterSeconds, ...options }: ErrorOptions & { readonly retryAfterSeconds?: number } = {},
  ) {
    super(message, options);
    this.name = 'HttpError';
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * What the client sees of an error: its status and message where it was meant for the client (an {@link HttpError}, or
 * an error of Express or its body parser marked `expose`), a bare 500 otherwise.
 */
export function answerFor(error: unknown): { status: number; message: string } {
  if (error instanceof HttpError) return { status: error.status, message: error.message };
  if (error instanceof Error) {
    const { status, expose, type } = error as Error & { status?: unknown; expose?: unknown; type?: unknown };
    if (typeof status === 'number' && status >= 400 && status < 500) {
      if (type === 'entity.parse.failed') return { status, message: 'body: expected JSON' };
      if (type === 'entity.too.large') return { status, message: 'body: too large' };
      if (error instanceof URIError) return { status, message: 'path: malformed percent-encoding' };
      return { status, message: expose === true ? error.message : 'bad request' };
    }
  }
  return { status: 500, message: 'internal error' };
}
