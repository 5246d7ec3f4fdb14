import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';

/** Hues of lines that are told apart by nothing but their name: none is the colour of a state, and all show on black and on white. */
const NEUTRAL = ['#5794f2', '#b877d9', '#2fa9c2', '#b08968', '#e07fc0', '#8e95a3'] as const;
/** Of lines about failures. */
const REDS = ['#f2495c', '#c4162a', '#ff8a96', '#b5546a', '#a3264f'] as const;

/** Last characters of names, in groups; any other is of the first one. */
const ENDINGS = 4;
const endings = Array.from({ length: ENDINGS }, (_, group) =>
  [...'abcdefghijklmnopqrstuvwxyz0123456789']
    .filter((character) => character.charCodeAt(0) % ENDINGS === group)
    .join(''),
).map((characters, group, all) => (group ? `[${characters}]` : `[^${all.slice(1).join('')}]`));

/** Names of one of so many hues: their length and their last character give its number. */
function namesOf(hue: number, hues: number): string {
  const shapes = endings.map((ending, group) => `.{${(hue - group - 1 + 2 * hues) % hues}}${ending}`);
  return `/^(?:.{${hues}})*(?:${shapes.join('|')})$/`;
}

/**
 * A hue for each line: by order where the queries name them, and by name where labels do. Grafana's own palette has the
 * colours of states, and hands out hues by order, so that a service would be of another one in each panel.
 */
export function lineColors(queries: readonly Builder<Dataquery>[], failures: boolean) {
  const hues = failures ? REDS : NEUTRAL;
  const legends = queries
    .map((query) => query.build() as { readonly legendFormat?: string })
    .flatMap(({ legendFormat }) => legendFormat || []);
  const matchers = legends.some((legend) => legend.includes('{{'))
    ? hues.map((_, hue) => ({ id: 'byRegexp', options: namesOf(hue, hues.length) }))
    : legends.map((legend) => ({ id: 'byName', options: legend }));
  return matchers.map((matcher, index) => ({
    matcher,
    properties: [
      // Names that share a hue are of different shades.
      { id: 'color', value: { mode: FieldColorModeId.Shades, fixedColor: hues[index % hues.length]! } },
    ],
  }));
}
