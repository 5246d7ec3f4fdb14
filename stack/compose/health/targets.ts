import { z } from 'zod';

export interface HealthTarget {
  readonly service: string;
  readonly url: string;
}

const targetSchema = z.object({
  service: z.string().regex(/^[a-z][a-z0-9-]*$/),
  url: z.url({ protocol: /^http$/ }),
});

/**
 * Reads `SERVICE=URL SERVICE=URL ...`.
 *
 * @throws Error with the part that is neither.
 */
export function parseTargets(text: string): readonly HealthTarget[] {
  const parts = text.split(/\s+/).filter(Boolean);
  if (parts.length === 0) throw new Error('HEALTH_TARGETS: expected SERVICE=URL ..., got nothing');
  return parts.map((part) => {
    const [service = '', ...url] = part.split('=');
    const result = targetSchema.safeParse({ service, url: url.join('=') });
    if (!result.success) throw new Error(`HEALTH_TARGETS: expected SERVICE=http://..., got "${part}"`);
    return result.data;
  });
}
