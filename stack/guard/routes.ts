/** Requests of one kind that a guard lets through. */
export interface Route {
  readonly methods: readonly ('GET' | 'POST')[];
  /** Against the whole path, without the query. */
  readonly path: RegExp;
}

const get = (path: RegExp): Route => ({ methods: ['GET'], path });

/**
 * What Grafana, the responder, the commands and Prometheus ask of Tempo. Whatever changes or ends it (/shutdown, /flush,
 * /compactor, /status/config) is not here.
 * @see https://grafana.com/docs/tempo/latest/api_docs/
 */
export const TEMPO_ROUTES: readonly Route[] = [
  get(/^\/(ready|metrics)$/),
  get(/^\/api\/(echo|status\/buildinfo|search)$/),
  get(/^\/api(\/v2)?\/traces\/[\da-fA-F]{1,32}$/),
  get(/^\/api(\/v2)?\/search\/tags$/),
  get(/^\/api(\/v2)?\/search\/tag\/[\w.:-]{1,256}\/values$/),
  get(/^\/api\/metrics\/(query|query_range|summary)$/),
];

/**
 * The same of Loki, and the push of the Collector. Deletion, flushing and ending are not here.
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/
 */
export const LOKI_ROUTES: readonly Route[] = [
  get(/^\/(ready|metrics)$/),
  {
    methods: ['GET', 'POST'],
    path: /^\/loki\/api\/v1\/(query|query_range|labels|series|detected_(labels|fields)|format_query)$/,
  },
  get(/^\/loki\/api\/v1\/(label|detected_field)\/[\w.:-]{1,256}\/values$/),
  get(/^\/loki\/api\/v1\/index\/(stats|volume|volume_range)$/),
  get(/^\/loki\/api\/v1\/(status\/buildinfo|drilldown-limits)$/),
  { methods: ['POST'], path: /^\/otlp\/v1\/logs$/ },
];
