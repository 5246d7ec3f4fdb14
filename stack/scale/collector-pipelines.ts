import { z } from 'zod';

const components = z.record(z.string(), z.unknown()).optional();
const ids = z.array(z.string());

/** In the order of config.yaml. */
const configurationSchema = z.looseObject({
  extensions: components,
  receivers: components,
  processors: components,
  connectors: components,
  exporters: components,
  service: z.looseObject({
    extensions: ids.optional(),
    pipelines: z.record(z.string(), z.object({ receivers: ids, processors: ids.optional(), exporters: ids })),
  }),
});
type Configuration = z.output<typeof configurationSchema>;

/** Without what nothing uses. */
function pruned({ service, ...rest }: Configuration): Configuration {
  const used = new Set([
    ...(service.extensions ?? []),
    ...Object.values(service.pipelines).flatMap(({ receivers, processors = [], exporters }) => [
      ...receivers,
      ...processors,
      ...exporters,
    ]),
  ]);
  const kinds = Object.entries(rest).flatMap(([kind, all]) => {
    const kept = Object.entries(components.parse(all) ?? {}).filter(([id]) => used.has(id));
    return kept.length > 0 ? [[kind, Object.fromEntries(kept)]] : [];
  });
  return { ...Object.fromEntries(kinds), service };
}

/** A Collector's configuration without what none of its pipelines uses. */
export const usedAlone = (configuration: unknown): unknown =>
  pruned(configurationSchema.parse(configuration));

/** One pipeline of a Collector's configuration with what it uses: a file to give to a Collector beside another. */
export function pipelineAlone(configuration: unknown, name: string): unknown {
  const { service, ...rest } = configurationSchema.parse(configuration);
  const pipeline = service.pipelines[name];
  if (!pipeline) throw new Error(`the Collector has no pipeline ${name}`);
  return pruned({ ...rest, service: { pipelines: { [name]: pipeline } } });
}
