import { z } from 'zod';

const MAX_MESSAGE_LENGTH = 300;
const failureSchema = z.object({ status: z.number().optional().catch(undefined), response: z.unknown() });

/** GitHub did not take an event. Carries status and message alone: Octokit's own errors hold the request with its headers. */
export class DispatchError extends Error {
  override readonly name = 'DispatchError';
  /** HTTP status of GitHub's answer; undefined where there was none. */
  readonly status: number | undefined;
  readonly attempts: number;

  constructor(options: {
    readonly repository: string;
    readonly eventType: string;
    readonly attempts: number;
    readonly error: unknown;
  }) {
    const { repository, eventType, attempts, error } = options;
    const failure = failureSchema.safeParse(error).data;
    // Octokit gives connection errors the status 500 too, but no response.
    const status = failure?.response === undefined ? undefined : failure.status;
    const reason = error instanceof Error ? error.message : String(error);
    super(
      `${repository}: repository_dispatch ${eventType} was not taken after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}: ` +
        `${status === undefined ? 'no answer' : `HTTP ${status}`}, ${reason.slice(0, MAX_MESSAGE_LENGTH)}`,
    );
    this.status = status;
    this.attempts = attempts;
  }
}
