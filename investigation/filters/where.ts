import type { Tempo } from '../data-sources/tempo.ts';
import type { Span } from '../traces/span.ts';

/** An attribute by its full name, and whose it is. */
export interface Attribute {
  readonly scope: 'span' | 'resource';
  readonly name: string;
}

/** Requests whose own span, or process, has this. */
export interface Condition extends Attribute {
  readonly value: string;
}

/** Short names that are not the end of the full one, or of several. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  user: 'enduser.pseudo.id',
  status: 'http.response.status_code',
  method: 'http.request.method',
  instance: 'service.instance.id',
  version: 'service.version',
};
const NAME = /^[A-Za-z_][\w./:-]{0,127}$/;
const MOST_CONDITIONS = 10;
const MOST_VALUE_LENGTH = 256;
/** `name=value` or `name="a value"`, where a backslash takes the next sign as it is. */
const CONDITION = /\s*([^\s="]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)/y;

/**
 * `region=eu tier="very gold"` as conditions that must all hold.
 *
 * @throws saying what was expected, or which attribute is not there
 */
export function parseWhere(text: string, known: Known): readonly Condition[] {
  const conditions: Condition[] = [];
  CONDITION.lastIndex = 0;
  for (let rest = 0; text.slice(rest).trim() !== ''; rest = CONDITION.lastIndex) {
    const [, name, quoted, bare] = CONDITION.exec(text) ?? [];
    const value = quoted?.replace(/\\(.)/gs, '$1') ?? bare;
    if (name === undefined || value === undefined)
      throw new Error(
        `--where: expected conditions such as 'region=eu tier="gold"', got ${JSON.stringify(text.slice(rest).trim())}`,
      );
    if (value.length > MOST_VALUE_LENGTH)
      throw new Error(`--where: ${name}: expected a value of at most ${MOST_VALUE_LENGTH} characters`);
    conditions.push({ ...resolveAttribute('--where', name, known), value });
  }
  if (conditions.length === 0 || conditions.length > MOST_CONDITIONS)
    throw new Error(`--where: expected 1 to ${MOST_CONDITIONS} conditions, got ${conditions.length}`);
  return conditions;
}

/** Names of attributes that there are. */
type Known = Awaited<ReturnType<Tempo['attributes']>>;

/** The attribute of this full or short name: `region` is `shop.region` where no other ends so. @throws naming the choice there is */
export function resolveAttribute(option: string, given: string, known: Known): Attribute {
  if (!NAME.test(given))
    throw new Error(`${option}: expected the name of an attribute, got ${JSON.stringify(given)}`);
  const all = [...new Set([...known.span, ...known.resource])].filter((name) => NAME.test(name)).sort();
  const name = SHORT_NAMES[given] ?? given;
  const found = all.includes(name) ? [name] : all.filter((each) => each.endsWith(`.${name}`));
  const [only, ...others] = found;
  if (only === undefined)
    throw new Error(
      `${option}: no span in this range has an attribute ${given}; there are ${all.length === 0 ? 'none' : all.join(', ')}`,
    );
  if (others.length > 0)
    throw new Error(`${option}: ${given} may be ${found.join(' or ')}; give the whole name`);
  return { scope: known.span.includes(only) ? 'span' : 'resource', name: only };
}

/** As TraceQL writes the attribute. */
export const traceqlName = ({ scope, name }: Attribute): string => `${scope}.${JSON.stringify(name)}`;

/** TraceQL for all of the conditions, each with `&&` before it. A number may have been sent as one or as a text. */
export function traceqlOf(conditions: readonly Condition[]): string {
  return conditions
    .map((condition) => {
      const equals = `${traceqlName(condition)} = `;
      const { value } = condition;
      const typed = /^(-?\d{1,15}(\.\d{1,15})?|true|false)$/.test(value);
      const text = `${equals}${JSON.stringify(value)}`;
      return ` && ${typed ? `(${text} || ${equals}${value})` : text}`;
    })
    .join('');
}

/** Whether all of the conditions hold for the span. */
export function holdsFor(conditions: readonly Condition[], { attributes, resource }: Span): boolean {
  return conditions.every(
    ({ scope, name, value }) => (scope === 'span' ? attributes : resource)[name] === value,
  );
}
