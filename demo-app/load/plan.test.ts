import { describe, expect, test } from 'vitest';
import { arrivals, readPlan } from './plan.ts';

describe('the plan of a load', () => {
  test('has a minute of ten requests a second where nothing is asked for', () => {
    expect(readPlan({ LOAD_SECONDS: '', LOAD_REPORT: '' })).toEqual({
      storefrontUrl: 'http://127.0.0.1:3000',
      seconds: 60,
      fastPerSecond: 8,
      slowPerSecond: 2,
      report: 'text',
    });
  });

  test('is what the environment says', () => {
    const environment = {
      STOREFRONT_URL: 'http://storefront:3000/',
      LOAD_SECONDS: '10',
      LOAD_FAST_PER_SECOND: '40',
      LOAD_SLOW_PER_SECOND: '1',
      LOAD_REPORT: 'json',
    };
    expect(readPlan(environment)).toEqual({
      storefrontUrl: 'http://storefront:3000',
      seconds: 10,
      fastPerSecond: 40,
      slowPerSecond: 1,
      report: 'json',
    });
  });

  test.each([
    [{ LOAD_SECONDS: '601' }, 'LOAD_SECONDS: expected a whole number from 1 to 600, got "601"'],
    [{ LOAD_SECONDS: '1e2' }, 'LOAD_SECONDS: expected a whole number from 1 to 600, got "1e2"'],
    [{ LOAD_FAST_PER_SECOND: '41' }, 'LOAD_FAST_PER_SECOND: expected a whole number from 1 to 40, got "41"'],
    [{ LOAD_SLOW_PER_SECOND: '0' }, 'LOAD_SLOW_PER_SECOND: expected a whole number from 1 to 10, got "0"'],
    [
      { STOREFRONT_URL: 'storefront' },
      'STOREFRONT_URL: expected http or https, a host and a port, got "storefront"',
    ],
    [{ LOAD_REPORT: 'xml' }, 'LOAD_REPORT: expected text or json, got "xml"'],
  ])('refuses %o by name', (environment, message) => {
    expect(() => readPlan(environment)).toThrow(message);
  });

  test('has a virtual user for each request that may be under way when none is answered', () => {
    expect(arrivals(5, { seconds: 30 }, 'read')).toMatchObject({
      rate: 5,
      duration: '30s',
      maxVUs: 55,
      gracefulStop: '10s',
    });
  });
});
