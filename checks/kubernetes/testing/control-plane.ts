import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Who may ask the API server, by a secret. */
export interface Account {
  readonly token: string;
  readonly user: string;
  readonly group?: string;
}

interface ControlPlane {
  readonly etcd: readonly string[];
  readonly apiServer: readonly string[];
  /** Of the API server's certificate, which it makes itself. */
  readonly authorityFile: string;
  /** That service accounts' tokens are signed with. */
  readonly accountsKeyFile: string;
}

/**
 * Arguments of etcd and of kube-apiserver, whose files are in `folder`; runs neither.
 *
 * @param options.address where the API server listens, and as which others know it
 */
export function controlPlane(options: {
  readonly folder: string;
  readonly address: string;
  readonly ports: { readonly apiServer: number; readonly etcd: number; readonly etcdPeer: number };
  readonly accounts: readonly Account[];
}): ControlPlane {
  const { folder, address, ports, accounts } = options;
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const tokens = accounts.map(({ token, user, group }, index) =>
    [token, user, index, ...(group === undefined ? [] : [group])].join(','),
  );
  const accountsKeyFile = file('accounts.key', privateKey);
  return {
    authorityFile: join(folder, 'apiserver.crt'),
    accountsKeyFile,
    etcd: [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=http://127.0.0.1:${ports.etcd}`,
      `--advertise-client-urls=http://127.0.0.1:${ports.etcd}`,
      `--listen-peer-urls=http://127.0.0.1:${ports.etcdPeer}`,
      '--unsafe-no-fsync',
      '--log-level=error',
    ],
    apiServer: [
      `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
      `--bind-address=${address}`,
      `--advertise-address=${address}`,
      `--secure-port=${ports.apiServer}`,
      `--cert-dir=${folder}`,
      '--anonymous-auth=false',
      `--token-auth-file=${file('tokens.csv', `${tokens.join('\n')}\n`)}`,
      '--authorization-mode=Node,RBAC',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-signing-key-file=${accountsKeyFile}`,
      `--service-account-key-file=${file('accounts.pub', publicKey)}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--profiling=false',
    ],
  };
}
