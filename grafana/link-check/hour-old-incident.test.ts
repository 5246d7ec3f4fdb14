import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { intervalsOf } from '../query-check/interpolation.ts';
import { askSource } from '../query-check/query-sources.ts';
import { allDashboards } from '../src/all-dashboards.ts';
import { DATA_SOURCES } from '../src/data-sources.ts';
import { failedTraces } from '../src/queries/tracing.ts';
import { readDataSourceLinks, traceIsFound } from './data-source-links.ts';
import { type Followed, followLinks } from './follow-links.ts';
import { failingRoute, ROUTE, TRACE_ID } from './testing/failing-route.ts';
import { type RunningStores, startStores, storeBinaries, until } from './testing/running-stores.ts';

const binaries = storeBinaries(process.env);
const HOUR_SECONDS = 3600;
/** To the step of the samples. */
const nowSeconds = Math.floor(Date.now() / 15_000) * 15;
const endSeconds = nowSeconds - HOUR_SECONDS;
const range = { fromSeconds: endSeconds - 1200, toSeconds: endSeconds };
/** What Explore shows where a link says nothing of the time. */
const lastHour = { fromMs: (nowSeconds - HOUR_SECONDS) * 1000, toMs: nowSeconds * 1000 };
const provisioned = readFileSync(
  join(import.meta.dirname, '..', 'provisioning', 'datasources', 'telemetry.yaml'),
  'utf8',
);
const links = readDataSourceLinks(provisioned);

describe.skipIf(!binaries)(
  `an incident of an hour ago${binaries ? '' : ' (skipped: PROMETHEUS, PROMTOOL, TEMPO or LOKI is not set)'}`,
  () => {
    let stores: RunningStores;
    let followed: readonly Followed[];
    const ask = (
      dataSource: string,
      kind: 'range' | 'lines' | 'search',
      query: string,
      from = range.fromSeconds,
      to = range.toSeconds,
    ) =>
      askSource(
        stores,
        { dataSource, kind, query },
        { untilSeconds: to, intervals: intervalsOf(to - from, 700) },
      );

    beforeAll(async () => {
      stores = await startStores(binaries!, failingRoute(endSeconds));
      const search = failedTraces('storefront', '.*');
      await until(
        async () => (await ask(DATA_SOURCES.tempo.uid, 'search', search)).results.length > 0,
        () => 'no search finds the trace',
      );
      followed = await followLinks({
        ...stores,
        dashboards: allDashboards(),
        ...range,
        openTrace: (traceId, fromMs, toMs) => traceIsFound(stores.tempoUrl, links, traceId, { fromMs, toMs }),
      });
    }, 120_000);
    afterAll(async () => stores?.[Symbol.asyncDispose]());

    test('is shown by every link that is followed from it, of every dashboard', () => {
      expect(followed.filter(({ problem }) => problem)).toEqual([]);
      expect(followed.length).toBeGreaterThan(50);
    });

    test.each([
      ['slo-detail panel Failing routes "This route in Application"', `var-route=${ROUTE}&`],
      ['slo-detail panel Failing routes "Traces of this route"', `var-route=${ROUTE}&`],
      ['slo-detail panel Failing routes "Logs of this route"', `var-route=${ROUTE}&`],
      ['tracing panel Failing traces "Open the trace"', TRACE_ID.replace(/^0+/, '')],
      [
        'slo-overview panel Firing alerts "What it is about, from half an hour before it on"',
        `from=${(endSeconds - 200 - 1800) * 1000}&`,
      ],
    ])('leads on by %s', (link, part) => {
      expect(followed.filter((each) => each.link === link).map(({ address }) => address)).toContainEqual(
        expect.stringContaining(part),
      );
    });

    test('opens as a trace from an exemplar and from a line, whose links say nothing of its time', async () => {
      const { results } = await ask(DATA_SOURCES.loki.uid, 'lines', '{service_name="storefront"}');
      expect(results.map((line) => line[links.traceField])).toContain(TRACE_ID);
      expect(await traceIsFound(stores.tempoUrl, links, TRACE_ID, lastHour)).toBe(true);
    });

    test('would not open with a shift below zero, which Grafana subtracts', async () => {
      const shifted = readDataSourceLinks(
        provisioned.replace(
          'timeShiftEnabled: false',
          'timeShiftEnabled: true, spanStartTimeShift: -30m, spanEndTimeShift: 30m',
        ),
      );
      expect(await traceIsFound(stores.tempoUrl, shifted, TRACE_ID, lastHour)).toBe(false);
    });

    test('leads from its span to its lines and figures', async () => {
      const span = {
        traceId: TRACE_ID,
        service: 'storefront',
        fromMs: (endSeconds - 60) * 1000,
        toMs: (endSeconds - 59) * 1000,
      };
      const queries = links.spanQueries(span);
      expect(queries.length).toBeGreaterThan(1);
      for (const { dataSource, kind, query, fromMs, toMs } of queries)
        expect(
          (await ask(dataSource, kind, query, fromMs / 1000, toMs / 1000)).results.length,
          query,
        ).toBeGreaterThan(0);
    });
  },
);
