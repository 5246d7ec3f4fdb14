import { COLORS, levels, NO_LEVELS } from '../panels/levels.ts';
import { rangeQueries } from '../panels/prometheus-query.ts';
import { timeSeries } from '../panels/time-series.ts';
import * as queries from '../queries/anomalies.ts';

const named = (name: string, ...properties: { id: string; value: unknown }[]) => ({
  matcher: { id: 'byName', options: name },
  properties,
});
const fixedColor = (color: string) => ({ id: 'color', value: { mode: 'fixed', fixedColor: color } });
const noLine = { id: 'custom.lineWidth', value: 0 };
const offLegend = { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } };

export const withBand = () =>
  timeSeries({
    title: 'Value and what was expected',
    description:
      'The series that the variables choose, in its own unit. The band holds 19 of 20 values where all is as ever; the dashed line is what was expected.',
    unit: 'short',
    levels: NO_LEVELS,
    queries: rangeQueries({
      value: queries.chosen(queries.value),
      expected: queries.chosen(queries.expected),
      lower: queries.chosen(queries.lower),
      upper: queries.chosen(queries.upper),
    }),
  }).overrides([
    named('value', fixedColor(COLORS.info), { id: 'custom.lineWidth', value: 2 }),
    named('expected', fixedColor(COLORS.plain), {
      id: 'custom.lineStyle',
      value: { fill: 'dash', dash: [6, 6] },
    }),
    named('lower', fixedColor(COLORS.plain), noLine, offLegend),
    named(
      'upper',
      fixedColor(COLORS.plain),
      noLine,
      offLegend,
      { id: 'custom.fillBelowTo', value: 'lower' },
      { id: 'custom.fillOpacity', value: 15 },
    ),
  ]);

export const score = () =>
  timeSeries({
    title: 'Score, and when it was an anomaly',
    description: `How unusual the value is, 0 to 1; out of the ordinary from the dashed line on, ${queries.ALARM_SCORE}. "anomaly" is 1 while one lasts.`,
    unit: 'none',
    levels: levels(COLORS.plain, [queries.ALARM_SCORE, COLORS.act]),
    min: 0,
    max: 1,
    queries: rangeQueries({
      score: queries.chosen(queries.score),
      anomaly: queries.chosen(queries.active),
    }),
  }).overrides([
    named('score', fixedColor(COLORS.info)),
    named('anomaly', fixedColor(COLORS.act), noLine, { id: 'custom.fillOpacity', value: 20 }),
  ]);
