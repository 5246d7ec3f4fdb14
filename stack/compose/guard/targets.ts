import { z } from 'zod';
import type { WatchedService } from '../../readiness/watch.ts';

const targetSchema = z.object({
  service: z.string().regex(/^[a-z][a-z0-9-]*$/),
  url: z.url({ protocol: /^http$/ }),
});

/** `SERVICE=URL SERVICE=URL ...` */
export const healthTargets = z.string().transform((text, context): readonly WatchedService[] =>
  text
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((part) => {
      const [service = '', ...url] = part.split('=');
      const { data } = targetSchema.safeParse({ service, url: url.join('=') });
      if (data) return [data];
      context.addIssue(`expected SERVICE=http://..., at ${JSON.stringify(part)}`);
      return [];
    }),
);
