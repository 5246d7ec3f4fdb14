/** Which lines: a selector of streams and the filters behind it. */
export type LogScope = string;

export const EVERY_SERVICE: LogScope = '{service_name=~".+"}';
export const ofService = (service: string): LogScope => `{service_name="${service}"}`;
/** Lines that are about routes that match; those about none, too, where every route does. */
export const ofRoutes = (scope: LogScope, routes: string): LogScope => `${scope} | route=~"${routes}"`;
export const failuresOf = (scope: LogScope): LogScope => `${scope} | detected_level=~"error|critical|fatal"`;
/** The one wide event that each request ends with. */
export const requestsOf = (scope: LogScope): LogScope => `${scope} | event="request"`;

/** Lines a second, by fields. */
export const lineRate = (scope: LogScope, by: string) => `sum by (${by}) (rate(${scope} [$__auto]))`;

/** Lines in the time range, by fields. */
export const lineCount = (scope: LogScope, by: string) =>
  `sum by (${by}) (count_over_time(${scope} [$__range]))`;

/** Duration in milliseconds below which a share of the requests stays, by fields, over `window`. */
export const eventDuration = (scope: LogScope, quantile: number, by: string, window: string) =>
  `quantile_over_time(${quantile}, ${requestsOf(scope)} | unwrap duration_ms [${window}]) by (${by})`;

/** Whatever differs from one occurrence to the next: long ids and numbers, decimals; a status of three digits stays. */
const VARYING = '[0-9a-f]{8}[0-9a-f-]*|[0-9]{4,}|[0-9]+[.][0-9]+';
const TEMPLATE_LENGTH = 160;
const MOST_TEMPLATES = 50;

/** The event of a request that went well has nothing that varies; nearly all lines are such, and the replacement is what costs. */
const TEMPLATE =
  `{{ if eq .outcome \`ok\` }}{{ __line__ | trunc ${TEMPLATE_LENGTH} }}{{ else }}` +
  `{{ regexReplaceAll \`${VARYING}\` (__line__ | trunc ${TEMPLATE_LENGTH}) \`<_>\` }}{{ end }}`;

/** Lines by template, which is the line's beginning without what varies. `window` as in LogQL, with brackets. */
const linesByTemplate = (scope: LogScope, window: string) =>
  `sum by (service_name, detected_level, template) (count_over_time(${scope} | label_format template="${TEMPLATE}" ${window}))`;

/** Lines of the most frequent templates in the time range. */
export const templates = (scope: LogScope) =>
  `topk(${MOST_TEMPLATES}, ${linesByTemplate(scope, '[$__range]')})`;

/** Lines of each template, per line in as much time before: 1 is no change. Absent for what did not occur before. */
export const templateGrowth = (scope: LogScope) =>
  `${linesByTemplate(scope, '[$__range]')} / ${linesByTemplate(scope, '[$__range] offset $__range')}`;

/** Lines of the templates that occurred in the last hour, and not in the 23 hours before. */
export const newTemplates = (scope: LogScope) =>
  `topk(${MOST_TEMPLATES}, ${linesByTemplate(scope, '[1h]')} unless ${linesByTemplate(scope, '[23h] offset 1h')})`;
