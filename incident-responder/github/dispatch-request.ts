import { z } from 'zod';

const MAX_PAYLOAD_BYTES = 65_535;

/**
 * GitHub's limits on a repository_dispatch event: a name of 1 to 100 characters, and JSON of 10 top-level keys and less
 * than 64 KB.
 * @see https://docs.github.com/en/rest/repos/repos#create-a-repository-dispatch-event
 */
const dispatchRequestSchema = z.strictObject({
  // Narrower than GitHub's own rule: workflows name the types they listen to in YAML.
  eventType: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,100}$/, 'expected 1 to 100 letters, digits, dots, dashes or underscores'),
  payload: z
    .record(z.string().min(1).max(100), z.json())
    .refine((payload) => Object.keys(payload).length <= 10, 'expected 10 top-level keys at most')
    .refine(
      (payload) => Buffer.byteLength(JSON.stringify(payload)) <= MAX_PAYLOAD_BYTES,
      'expected less than 64 KB of JSON',
    ),
});

export type DispatchRequest = z.infer<typeof dispatchRequestSchema>;

/** @throws Error that names the field and the limit, never the content. */
export function checkDispatchRequest(request: unknown): DispatchRequest {
  const result = dispatchRequestSchema.safeParse(request);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.slice(0, 2).join('.') || 'request'}: ${issue.message}`);
  throw new Error(`repository_dispatch: ${problems.join('; ')}`);
}
