import {
  ArcOptionBuilder,
  EdgeOptionsBuilder,
  NodeOptionsBuilder,
  PanelBuilder,
} from '@grafana/grafana-foundation-sdk/nodegraph';
import type { ValueLink } from '../links.ts';
import { COLORS, NO_LEVELS, thresholds } from './levels.ts';
import { tableQuery } from './prometheus-query.ts';

export interface ServiceMap {
  readonly title: string;
  readonly description: string;
  /** By field of the node graph; each sample has a label `id`, and those of one of them `title` and what links need. */
  readonly nodes: Readonly<Record<'mainstat' | 'secondarystat' | 'arc__fine' | 'arc__failed', string>>;
  /** The same of the arrows; labels `id`, `source` and `target`. */
  readonly edges: Readonly<Record<'mainstat' | 'secondarystat', string>>;
  readonly nodeLinks: readonly ValueLink[];
  readonly edgeLinks: readonly ValueLink[];
  readonly noValue: string;
}

const SECONDS = 's';
/** Written behind the number as it is. */
const RATE = 'req/s';
/** The legend's, in place of the names by which the graph finds the fields. */
const NAMES = {
  mainstat: 'mean duration',
  secondarystat: 'calls a second',
  arc__fine: 'answered',
  arc__failed: 'failed',
} as const;

/** Services as circles, calls between them as arrows; mean duration and calls a second in each, failures as part of the ring. */
export function serviceMap(options: ServiceMap): PanelBuilder {
  const panel = new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .unit('short')
    .thresholds(thresholds(NO_LEVELS))
    .noValue(options.noValue)
    .nodes(
      new NodeOptionsBuilder()
        .mainStatUnit(SECONDS)
        .secondaryStatUnit(RATE)
        .arcs([
          new ArcOptionBuilder().field('arc__fine').color(COLORS.good),
          new ArcOptionBuilder().field('arc__failed').color(COLORS.bad),
        ]),
    )
    .edges(new EdgeOptionsBuilder().mainStatUnit(SECONDS).secondaryStatUnit(RATE))
    .overrides([
      {
        matcher: { id: 'byName', options: 'title' },
        properties: [{ id: 'links', value: options.nodeLinks }],
      },
      {
        matcher: { id: 'byName', options: 'source' },
        properties: [{ id: 'links', value: options.edgeLinks }],
      },
    ]);
  for (const [part, fields] of Object.entries({ nodes: options.nodes, edges: options.edges })) {
    const refId = (field: string) => `${part}_${field}`;
    for (const [field, expression] of Object.entries(fields))
      panel.withTarget(tableQuery(refId(field), expression));
    panel.withTransformation({
      id: 'merge',
      filter: { id: 'byRefId', options: `/^${part}_/` },
      options: {},
    });
    // The graph looks for fields by their name, which renaming a column leaves as it is.
    for (const field of Object.keys(fields))
      panel.withTransformation({
        id: 'calculateField',
        filter: { id: 'byRefId', options: `/^merge-${part}_/` },
        options: {
          alias: field,
          mode: 'reduceRow',
          reduce: { reducer: 'sum', include: [`Value #${refId(field)}`] },
          replaceFields: false,
        },
      });
  }
  // Renaming is a display name of its own: the panel takes none from its overrides.
  return panel.withTransformation({ id: 'organize', options: { renameByName: NAMES } });
}
