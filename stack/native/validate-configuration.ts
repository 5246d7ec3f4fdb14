import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSloIndex } from '@aiops-sre/slo/generated/committed-index.ts';
import { retentionProblems } from '@aiops-sre/slo/model/retention.ts';
import { ExecaError, execa } from 'execa';
import type { Settings } from '../settings.ts';
import type { Binaries } from './binaries/provide.ts';
import type { Layout } from './layout.ts';

/** promtool lists every file it was content with; what it was not content with is wanted. */
function withoutSuccesses(output: string): string {
  return output
    .trim()
    .replace(/^Checking .*\n\s*SUCCESS.*$/gm, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-20)
    .join('\n');
}

/**
 * Has each component's own validator read its configuration, before anything is started, and holds Prometheus'
 * retention against the periods of the SLOs.
 *
 * @throws Error with the validators' messages, all of them.
 */
export async function validateConfiguration(
  settings: Settings,
  layout: Layout,
  binaries: Binaries,
): Promise<void> {
  const inCheckout = (...path: string[]) => join(settings.root, ...path);
  const alertmanagerDir = join(layout.configDir, 'alertmanager');
  const environment = {
    COLLECTOR_DATA_DIR: layout.data('otel-collector'),
    OTLP_KEY_FILE: join(layout.secretsDir, 'otlp-key'),
    DATABASE_MONITOR_PASSWORD_FILE: join(layout.secretsDir, 'database-monitor-password'),
    TEMPO_DATA_DIR: layout.data('tempo'),
    LOKI_DATA_DIR: layout.data('loki'),
    BIND_HOST: '127.0.0.1',
  };
  const checks: readonly { file: string; command: string; args: readonly string[]; cwd?: string }[] = [
    {
      file: 'prometheus/prometheus.yml and its rules',
      command: binaries.promtool ?? '',
      args: ['check', 'config', join(layout.configDir, 'prometheus', 'prometheus.yml')],
    },
    {
      file: 'alertmanager/alertmanager.yml',
      command: binaries.amtool ?? '',
      args: ['check-config', join(alertmanagerDir, 'alertmanager.yml')],
      cwd: alertmanagerDir,
    },
    {
      file: 'otel-collector/config.yaml',
      command: binaries.otelcol ?? '',
      args: [
        'validate',
        ...['--config', inCheckout('otel-collector', 'config.yaml')],
        ...['--config', inCheckout('otel-collector', 'database.yaml')],
      ],
    },
    {
      file: 'tempo/tempo.yaml',
      command: binaries.tempo ?? '',
      args: [
        '-config.expand-env=true',
        '-config.verify=true',
        `-config.file=${inCheckout('tempo', 'tempo.yaml')}`,
      ],
    },
    {
      file: 'loki/loki.yaml',
      command: binaries.loki ?? '',
      args: ['-config.expand-env=true', '-verify-config', `-config.file=${inCheckout('loki', 'loki.yaml')}`],
    },
  ];
  const failures = await Promise.all(
    checks.map(async ({ file, command, args, cwd = settings.root }) => {
      try {
        await execa(command, args, { cwd, env: environment, all: true, timeout: 30_000 });
        return [];
      } catch (error) {
        const message = error instanceof ExecaError ? String(error.all || error.shortMessage) : String(error);
        return [`${file} is not valid:\n${withoutSuccesses(message)}`];
      }
    }),
  );
  const prometheusFile = 'prometheus/prometheus.yml';
  const retention = retentionProblems({
    slos: readSloIndex().slos,
    configuration: readFileSync(inCheckout(prometheusFile), 'utf8'),
    file: prometheusFile,
  });
  const messages = [...failures.flat(), ...retention];
  if (messages.length > 0) throw new Error(messages.join('\n\n'));
}
