import { describe, expect, test } from 'vitest';
import { exposedDataSources, exposedPrometheusConfiguration } from './exposed-configuration.ts';

describe('configuration for exposure', () => {
  test('says so when Prometheus has no job to protect, rather than leave it open', () => {
    expect(() => exposedPrometheusConfiguration('scrape_configs: [{ job_name: prometheus }]')).toThrow(
      'scrape_configs: no job alertmanager',
    );
  });

  test('says so when Prometheus knows no Alertmanager', () => {
    const jobs = 'scrape_configs: [{ job_name: prometheus }, { job_name: alertmanager }]';
    expect(() => exposedPrometheusConfiguration(jobs)).toThrow('alerting.alertmanagers: expected a list');
  });

  test('says so when Grafana lacks a data source', () => {
    expect(() => exposedDataSources('datasources: [{ name: Prometheus }]')).toThrow('no Alertmanager');
  });

  test('leaves other jobs and data sources as they are', () => {
    const made = exposedDataSources(
      'datasources: [{ name: Prometheus }, { name: Alertmanager }, { name: Tempo }]',
    );
    expect(made.match(/basicAuthUser/g)).toHaveLength(2);
  });
});
