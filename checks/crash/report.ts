import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import type { Cell } from './losses.ts';
import type { OneKill } from './one-kill.ts';
import { STATED } from './stated.ts';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** A row a component: lost of acknowledged for each kind, and how soon it was back. Below, at which load. */
export function report(
  kills: readonly OneKill[],
  table: ReadonlyMap<string, ReadonlyMap<string, Cell>>,
): string {
  const kinds = [...new Set([...table.values()].flatMap((row) => [...row.keys()]))];
  const text = plainTable(['killed', 'times', ...kinds.map((kind) => `${kind} lost`), 'ready again after']);
  for (const [killed, row] of table) {
    const ofIt = kills.filter(({ losses }) => losses[0]?.killed === killed);
    text.push([
      killed,
      String(ofIt.length),
      ...kinds.map((kind) => {
        const cell = row.get(kind);
        return cell ? `${cell.lost} of ${cell.acknowledged}` : '';
      }),
      `${median(ofIt.map(({ readyAfterSeconds }) => readyAfterSeconds)).toFixed(1)} s`,
    ]);
  }
  const stated = Object.entries(STATED).flatMap(([killed, kinds]) =>
    Object.entries(kinds).flatMap(([kind, { atMostAKill, why }]) =>
      table.get(killed)?.get(kind) ? [`${killed}: at most ${atMostAKill} ${kind} a kill: ${why}.`] : [],
    ),
  );
  const rate = median(kills.map(({ answeredPerSecond }) => answeredPerSecond));
  return `${text.toString()}\n\nUnder ${rate.toFixed(0)} answered requests a second (median over the kills, outages included).${stated.map((line) => `\n${line}`).join('')}`;
}
