import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { captureLog } from './testing/log-capture.ts';

function capture() {
  const { lines, destination } = captureLog();
  const logger = createLogger({
    service: 'storefront',
    instance: 'storefront-1',
    level: 'info',
    destination,
  });
  return { lines, logger };
}

it('writes one JSON object a line, with who says it', () => {
  const { lines, logger } = capture();
  logger.info({ n: 1 }, 'hello');
  expect(lines[0]).toMatchObject({
    level: 'info',
    service: 'storefront',
    instance: 'storefront-1',
    n: 1,
    msg: 'hello',
  });
});

it('redacts secrets by key, also nested ones', () => {
  const { lines, logger } = capture();
  logger.info({
    token: 's3cret',
    request: { headers: { authorization: 'Bearer s3cret' } },
    a: { b: { token: 's3cret' } },
  });
  expect(JSON.stringify(lines)).not.toContain('s3cret');
});
