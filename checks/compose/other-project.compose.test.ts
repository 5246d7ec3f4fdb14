import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventually, stackUnderTest } from '../testing/stack-under-test.ts';
import { docker } from './docker.ts';
import { projectUnderTest } from './project-under-test.ts';

const project = projectUnderTest();
const stack = stackUnderTest();

/** Runs a script in a container that is no part of the project, but for the network that it joins. */
const elsewhere = (script: string) =>
  docker([
    ...['run', '--rm', '--network', `${project.name}_otlp`, '--entrypoint', 'node'],
    ...['aiops-sre-observability/stack', '-e', script],
  ]);

test('a container of another project sends its traces by the network that is there for it', async () => {
  const traceId = randomBytes(16).toString('hex');
  const span = {
    traceId,
    spanId: randomBytes(8).toString('hex'),
    name: 'GET /',
    kind: 2,
    startTimeUnixNano: `${Date.now()}000000`,
    endTimeUnixNano: `${Date.now()}000000`,
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'of-another-project' } }] };
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
  const script = `fetch('http://otel-collector:4318/v1/traces', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: ${JSON.stringify(body)},
    }).then(({ status }) => console.log(status))`;
  expect(await elsewhere(script)).toBe('200');
  const spans = await eventually('its trace', 60_000, async () => {
    const found = await stack.spans(traceId);
    return found.length > 0 && found;
  });
  expect(spans).toMatchObject([{ service: 'of-another-project' }]);
});

test('and has no name for anything else of the platform', async () => {
  const names = ['prometheus', 'tempo', 'loki', 'alertmanager', 'incident-responder', 'storefront'];
  const script = `Promise.all(${JSON.stringify(names)}.map((name) =>
      require('node:dns/promises').lookup(name).then(() => name, () => ''))).then((found) => console.log(found.join('')))`;
  expect(await elsewhere(script)).toBe('');
});
