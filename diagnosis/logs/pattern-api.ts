import axios from 'axios';
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
 * @throws Error with the address and what it answered.
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/#patterns-detection
 */
export async function readPatterns(options: {
  readonly lokiUrl: string;
  readonly fromSeconds: number;
  readonly untilSeconds: number;
  readonly service?: string | undefined;
}): Promise<readonly Pattern[]> {
  const { lokiUrl, fromSeconds, untilSeconds } = options;
  const http = axios.create({
    baseURL: lokiUrl,
    timeout: 15_000,
    proxy: false,
    maxContentLength: 16 * 1024 * 1024,
    validateStatus: () => true,
  });
  const range = { start: `${fromSeconds}`, end: `${untilSeconds}` };
  const get = async <T>(path: string, params: Record<string, string>, schema: z.ZodType<T>): Promise<T> => {
    const { status, data } = await http.get(`/loki/api/v1${path}`, { params });
    if (status !== 200)
      throw new Error(
        `${lokiUrl}/loki/api/v1${path}: expected 200, got ${status} ${String(data).slice(0, 200)}`,
      );
    return schema.parse(data);
  };
  const services = options.service
    ? [options.service]
    : (await get('/label/service_name/values', range, valuesSchema)).data;
  const found = await Promise.all(
    services.map(async (service) => {
      const query = `{service_name=${JSON.stringify(service)}}`;
      const { data } = await get('/patterns', { query, ...range, step: '60s' }, patternsSchema);
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
