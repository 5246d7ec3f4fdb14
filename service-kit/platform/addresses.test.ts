import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { platformAddresses } from './addresses.ts';

const root = join(import.meta.dirname, '..', '..');

describe('addresses of the platform', () => {
  it('are those of its ports, shifted', () => {
    expect(platformAddresses(root, {}).prometheusUrl).toBe('http://127.0.0.1:9090');
    expect(platformAddresses(root, { AIOPS_PORT_OFFSET: '1000' }).tempoUrl).toBe('http://127.0.0.1:4200');
  });

  it('are others where the environment names others', () => {
    const environment = { LOKI_URL: 'https://logs.example/loki/', GRAFANA_URL: '' };
    expect(platformAddresses(root, environment)).toMatchObject({
      lokiUrl: 'https://logs.example/loki',
      grafanaUrl: 'http://127.0.0.1:3001',
    });
  });

  // Another platform, on the ports of `.env`, would be asked otherwise.
  it('are refused with a mistyped offset', () => {
    expect(() => platformAddresses(root, { AIOPS_PORT_OFFSET: '1OOO' })).toThrow(
      /AIOPS_PORT_OFFSET: .*got "1OOO"/,
    );
  });

  it('are refused where one is none', () => {
    expect(() => platformAddresses(root, { TEMPO_URL: 'localhost:3200' })).toThrow(
      /TEMPO_URL: expected an http or https URL, got "localhost:3200"/,
    );
  });
});
