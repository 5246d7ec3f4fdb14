import { randomBytes } from 'node:crypto';
import { PLATFORM_USER } from '@aiops-sre/service-kit/platform/platform-login.ts';
import { roleFile } from '@aiops-sre/service-kit/postgres/roles.ts';
import { stringify } from 'yaml';
import { objectStorageFiles } from '../../compose/prepare/object-storage.ts';
import { SECRETS, type SecretName } from '../../compose/prepare/secrets.ts';
import { hashOfSecret, webConfiguration } from '../../web-configuration.ts';

const SECRET_BYTES = 32;

/** What a group holds beside the secrets themselves. */
function beside(group: string, values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (group === 'database') return roleFile('shop', values['database-password'] ?? '');
  if (group === 'monitor') return roleFile('monitor', values['database-monitor-password'] ?? '');
  if (group === 'objects') return objectStorageFiles(values['s3-secret-key'] ?? '');
  if (group !== 'alerting') return {};
  const hash = hashOfSecret(values['alertmanager-password'] ?? '');
  return {
    'alertmanager-user': PLATFORM_USER,
    'web.yml': webConfiguration({ users: { [PLATFORM_USER]: hash } }),
  };
}

/** A Secret for each group that the chart's `secrets.existing` names, of 256 bits each, as YAML documents. */
export function secretManifests(): string {
  const groups = Object.groupBy(
    Object.entries(SECRETS) as [SecretName, { volume: string }][],
    ([, { volume }]) => volume,
  );
  return Object.entries(groups)
    .map(([group, entries]) => {
      const values = Object.fromEntries(
        (entries ?? []).map(([name]) => [name, randomBytes(SECRET_BYTES).toString('base64url')]),
      );
      return stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: {
          name: `aiops-${group}`,
          labels: { 'app.kubernetes.io/part-of': 'aiops-sre-observability' },
        },
        type: 'Opaque',
        stringData: { ...values, ...beside(group, values) },
      });
    })
    .join('---\n');
}
