import { parser } from '@prometheus-io/lezer-promql';

/** A duration nobody writes, which stands for the window while a query is parsed. */
const SENTINEL_WINDOW = '987654321s';

/**
 * Of a query of slow events, written as all less the fast ones, the query of the fast ones. Fast and all are what a
 * histogram counts; their difference is not a counter and may fall.
 * @returns undefined where `errors` is something else than `total - fast`
 */
export function fastEvents(errors: string, total: string): string | undefined {
  const text = errors.replaceAll(/\{\{\s*\.window\s*\}\}/g, SENTINEL_WINDOW);
  let top = parser.parse(text).topNode.firstChild;
  while (top?.name === 'ParenExpr') top = top.firstChild;
  if (top?.name !== 'BinaryExpr' || !top.getChild('Sub')) return undefined;
  const [all, fast] = [top.firstChild, top.lastChild].map((side) => side && text.slice(side.from, side.to));
  if (!all || !fast || bare(all) !== bare(total.replaceAll(/\{\{\s*\.window\s*\}\}/g, SENTINEL_WINDOW)))
    return undefined;
  return fast.replaceAll(SENTINEL_WINDOW, '{{.window}}').trim();
}

const bare = (query: string) => query.replaceAll(/\s+/g, '');
