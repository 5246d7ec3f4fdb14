import { expect, it } from 'vitest';
import { captureLog } from '../testing/log-capture.ts';
import { createLogger } from './logger.ts';

function capture() {
  const { lines, destination } = captureLog();
  const handedOn: unknown[] = [];
  const logger = createLogger({
    service: 'storefront',
    instance: 'storefront-1',
    level: 'info',
    onLine: (line) => handedOn.push(JSON.parse(line)),
    destination,
  });
  return { lines, logger, handedOn };
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

it('redacts secrets wherever they are, and hands on what it has written', () => {
  const { lines, logger, handedOn } = capture();
  logger.info({ request: { headers: { authorization: 'Bearer s3cret' } } }, 'from joe.s3cret@example.com');
  expect(JSON.stringify(lines)).toContain('[redacted]');
  expect(JSON.stringify(lines)).not.toContain('s3cret');
  expect(handedOn).toEqual(lines);
});
