import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

describe('the settings', () => {
  it('needs nothing set for the demo, and binds loopback only', () => {
    expect(readSettings({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8090,
      PROMETHEUS_URL: 'http://127.0.0.1:9090',
    });
  });

  it('names every Alertmanager replica', () => {
    const { ALERTMANAGER_URLS } = readSettings({ ALERTMANAGER_URLS: 'http://a:9093, http://b:9093' });
    expect(ALERTMANAGER_URLS).toEqual(['http://a:9093', 'http://b:9093']);
  });

  it('takes an empty variable as not set', () => {
    expect(readSettings({ TIME_ZONE: '' }).TIME_ZONE).toBe('UTC');
  });

  it.each([
    ['PORT', '99999', /PORT.*99999/],
    ['PROMETHEUS_URL', 'ftp://x', /PROMETHEUS_URL: expected an http or https URL, got "ftp:\/\/x"/],
    ['TIME_ZONE', 'Mars/Olympus', /TIME_ZONE: expected an IANA time zone/],
    ['LOG_LEVEL', 'loud', /LOG_LEVEL/],
    ['ALERTMANAGER_URLS', 'nowhere', /ALERTMANAGER_URLS/],
  ])('with %s=%s is refused by name', (name, value, message) => {
    expect(() => readSettings({ [name]: value })).toThrow(message);
  });

  it('is refused without showing a secret', () => {
    expect(() => readSettings({ VERDICTS_TOKEN: 'short-secret' })).toThrow(
      /^(?!.*short-secret).*VERDICTS_TOKEN/,
    );
  });
});
