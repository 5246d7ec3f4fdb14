import { PanelBuilder } from '@grafana/grafana-foundation-sdk/nodegraph';
import { DataqueryBuilder, TempoQueryType } from '@grafana/grafana-foundation-sdk/tempo';
import { DATA_SOURCES } from '../data-sources.ts';
import { NO_LEVELS, thresholds } from './levels.ts';

/** Services as circles, calls between them as arrows; from the Collector's service graph by way of Tempo's data source. */
export function serviceMap(options: {
  readonly title: string;
  readonly description: string;
  readonly noValue: string;
}): PanelBuilder {
  return new PanelBuilder()
    .title(options.title)
    .description(options.description)
    .unit('short')
    .thresholds(thresholds(NO_LEVELS))
    .noValue(options.noValue)
    .datasource(DATA_SOURCES.tempo)
    .withTarget(
      new DataqueryBuilder()
        .datasource(DATA_SOURCES.tempo)
        .refId('A')
        .queryType(TempoQueryType.ServiceMap)
        .filters([]),
    );
}
