import type { BoardCall } from '../board/board.ts';
import { type Html, html } from '../html.ts';

const MOST_NODES = 30;
const NODE = { width: 150, height: 34 };
const GAP = { x: 70, y: 16 };
const LONGEST_NAME = 20;
const FAILING = 0.01;

export type ServiceTone = 'bad' | 'attention' | 'good' | 'plain';

/**
 * Who calls whom, callers on the left; colours say how each is, and the thickness how much it is called.
 *
 * @param toneOf undefined for what sends no telemetry itself; who is called by nobody then is outside, and has no page
 * @param isLit which calls stand out, where that and not their rates is what there is to say
 */
export function serviceMap(
  calls: readonly BoardCall[],
  toneOf: (service: string) => ServiceTone | undefined,
  isLit?: (call: BoardCall) => boolean,
): Html | null {
  const shown = mostCalled(calls);
  if (shown.length === 0) return null;
  const columns = columnsOf(shown);
  const place = new Map<string, { readonly x: number; readonly y: number }>();
  const height = Math.max(...columns.map(({ length }) => length)) * (NODE.height + GAP.y) - GAP.y;
  columns.forEach((column, index) => {
    const used = column.length * (NODE.height + GAP.y) - GAP.y;
    column.forEach((name, row) => {
      place.set(name, {
        x: index * (NODE.width + GAP.x),
        y: (height - used) / 2 + row * (NODE.height + GAP.y),
      });
    });
  });
  const width = columns.length * (NODE.width + GAP.x) - GAP.x;
  const most = Math.max(...shown.map(({ rate }) => rate));
  return html`<svg class="map" viewBox="-4 -4 ${width + 8} ${height + 8}" width="${width + 8}" height="${height + 8}" role="group" aria-label="Service graph: ${place.size} services, ${shown.length} ways of calls">${shown.map(
    (call) => edge(call, place.get(call.client)!, place.get(call.server)!, { most, lit: isLit?.(call) }),
  )}${[...place].map(([name, { x, y }]) => {
    const tone = toneOf(name);
    const box = html`<rect x="${x}" y="${y}" width="${NODE.width}" height="${NODE.height}" rx="6"/><text x="${x + NODE.width / 2}" y="${y + 22}">${short(name)}</text>`;
    return tone === undefined && !shown.some(({ server }) => server === name)
      ? html`<g><title>${name}: calls from outside</title>${box}</g>`
      : html`<a href="/services/${encodeURIComponent(name)}" class="${tone ?? 'plain'}">${box}</a>`;
  })}</svg>`;
}

function edge(
  { client, server, rate, failedShare }: BoardCall,
  from: { readonly x: number; readonly y: number },
  to: { readonly x: number; readonly y: number },
  { most, lit }: { readonly most: number; readonly lit: boolean | undefined },
): Html {
  const [x1, y1] = [from.x + NODE.width, from.y + NODE.height / 2];
  const [x2, y2] = [to.x, to.y + NODE.height / 2];
  const bend = Math.max(24, Math.abs(x2 - x1) / 2);
  const width = (1 + 3 * Math.sqrt(rate / most)).toFixed(1);
  const line = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  if (lit !== undefined)
    return html`<path class="${lit ? 'lit' : ''}" stroke-width="${lit ? 4 : 1}" d="${line}"><title>${client} calls ${server}</title></path>`;
  const failed = failedShare > FAILING ? `, ${(failedShare * 100).toFixed(1)} % fail` : '';
  return html`<path class="${failed ? 'failing' : ''}" stroke-width="${width}" d="${line}"><title>${client} calls ${server}: ${rate.toPrecision(2)} a second${failed}</title></path>`;
}

const short = (name: string) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);

/** The busiest ways first, until there are as many services as fit; a service that calls itself needs no line. */
function mostCalled(calls: readonly BoardCall[]): BoardCall[] {
  const names = new Set<string>();
  return calls
    .filter(({ client, server }) => client !== server)
    .toSorted((a, b) => b.rate - a.rate)
    .filter(({ client, server }) => {
      const grown = new Set([...names, client, server]);
      if (grown.size > MOST_NODES) return false;
      names.add(client).add(server);
      return true;
    });
}

/** Each service one column right of its furthest caller; in a circle, of the first caller that was met. */
function columnsOf(calls: readonly BoardCall[]): string[][] {
  const names = [...new Set(calls.flatMap(({ client, server }) => [client, server]))];
  const callers = Map.groupBy(calls, ({ server }) => server);
  const depths = new Map<string, number>();
  const depthOf = (name: string, path: readonly string[]): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    if (path.includes(name)) return 0;
    const from = (callers.get(name) ?? []).map(({ client }) => depthOf(client, [...path, name]) + 1);
    const depth = Math.max(0, ...from);
    depths.set(name, depth);
    return depth;
  };
  for (const name of names) depthOf(name, []);
  const columns = Map.groupBy(names.toSorted(), (name) => depths.get(name)!);
  return [...columns.keys()].toSorted((a, b) => a - b).map((depth) => columns.get(depth)!);
}
