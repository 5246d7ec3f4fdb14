import { createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { z } from 'zod';
import type { Pattern } from './templates.ts';

const valuesSchema = z.object({ data: z.array(z.string()).default([]) });
const patternsSchema = z.object({
  data: z
    .array(
      z.object({
        pattern: z.string(),
        level: z.string().default('unknown'),
        samples: z.array(z.tuple([z.number(), z.number()])),
      }),
    )
    .nullable(),
});

/**
 * Every service's templates in a range of time, Unix seconds. Loki leaves out those with fewer than 30 lines in it.
 *
 * @throws BackendError
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/#patterns-detection
 */
export async function readPatterns(options: {
  readonly lokiUrl: string;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  readonly service?: string | undefined;
}): Promise<readonly Pattern[]> {
  const { lokiUrl, fromSeconds, untilSeconds } = options;
  const loki = createBackendClient({ name: 'Loki', url: lokiUrl, timeoutMs: 15_000 });
  const range = { start: fromSeconds, end: untilSeconds };
  const services = options.service
    ? [options.service]
    : (await loki.json({ path: '/loki/api/v1/label/service_name/values', parameters: range }, valuesSchema))
        .data;
  const found = await Promise.all(
    services.map(async (service) => {
      const query = `{service_name=${JSON.stringify(service)}}`;
      const parameters = { query, ...range, step: '60s' };
      const { data } = await loki.json({ path: '/loki/api/v1/patterns', parameters }, patternsSchema);
      return (data ?? []).map(({ pattern, level, samples }) => ({
        service,
        level,
        template: pattern,
        samples,
      }));
    }),
  );
  return found.flat();
}
