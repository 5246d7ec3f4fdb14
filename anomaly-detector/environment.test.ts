import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.ts';

describe('the environment', () => {
  it('needs nothing set for the demo, and binds loopback only', () => {
    expect(readEnvironment({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8090,
      PROMETHEUS_URL: 'http://127.0.0.1:9090',
    });
  });

  it('names every Alertmanager replica', () => {
    const { ALERTMANAGER_URLS } = readEnvironment({ ALERTMANAGER_URLS: 'http://a:9093, http://b:9093' });
    expect(ALERTMANAGER_URLS).toEqual(['http://a:9093', 'http://b:9093']);
  });

  it('takes an empty variable as not set', () => {
    expect(readEnvironment({ TIME_ZONE: '' }).TIME_ZONE).toBe('UTC');
  });

  it.each([
    ['PORT', '99999', /PORT.*99999/],
    ['PROMETHEUS_URL', 'ftp://x', /PROMETHEUS_URL: expected an http or https URL, got "ftp:\/\/x"/],
    ['TIME_ZONE', 'Mars/Olympus', /TIME_ZONE: expected an IANA time zone/],
    ['LOG_LEVEL', 'loud', /LOG_LEVEL/],
    ['ALERTMANAGER_URLS', 'nowhere', /ALERTMANAGER_URLS/],
  ])('with %s=%s is refused by name', (name, value, message) => {
    expect(() => readEnvironment({ [name]: value })).toThrow(message);
  });

  it('is refused without showing a secret', () => {
    expect(() => readEnvironment({ VERDICTS_TOKEN: 'short-secret' })).toThrow(
      /^(?!.*short-secret).*VERDICTS_TOKEN/,
    );
  });
});
