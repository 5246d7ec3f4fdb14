import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { PLATFORM_USER } from '@aiops-sre/service-kit/platform/platform-login.ts';
import { hash } from 'bcryptjs';
import { type KeyPair, makeAuthority, makeServerCertificate } from './certificates.ts';
import { exposedWebConfiguration } from './exposed-configuration.ts';

/** The user that people are, at the door and at Prometheus and Alertmanager. */
export const OPERATOR = 'operator';

/** 2^12 rounds: some 0.2 s for one guess. Caddy and Prometheus remember a password that was right. */
const DEFAULT_BCRYPT_COST = 12;
const PASSWORD_BYTES = 24;

/** Hosts that the components call one another by, and the health checks call their own container. */
const INTERNAL_HOSTS = ['prometheus', 'alertmanager', 'localhost', '127.0.0.1'];

/**
 * Writes all files that docker-compose.expose.yml mounts, and `expose.env`. What exists already stays: passwords and
 * the authority. Certificates it signed are made anew each time, as they expire.
 *
 * The folder is closed to all but its user (0700). The files in it are readable for all, because the containers' users
 * are others and Compose mounts each file by itself; only what no container reads is closed as well.
 *
 * @throws Error where the given certificate is not for `host`, has expired or does not belong to the key.
 */
export async function writeSecretsFolder(options: {
  readonly folder: string;
  readonly host: string;
  /** A certificate of one's own, with its chain; without, the folder's authority signs one. */
  readonly own?: KeyPair;
  readonly now: Date;
  /** Power of two of bcrypt's rounds; fewer are for tests. */
  readonly bcryptCost?: number;
}): Promise<void> {
  const { folder, host, own, now, bcryptCost = DEFAULT_BCRYPT_COST } = options;
  if (own) checkCertificate(own, host, now);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const file = (name: string) => join(folder, name);
  const write = (name: string, content: string, mode = 0o644) => {
    writeFileSync(file(name), content, { mode });
    chmodSync(file(name), mode);
  };
  const keep = (name: string, mode?: number) => {
    if (!existsSync(file(name))) write(name, randomBytes(PASSWORD_BYTES).toString('base64url'), mode);
    return readFileSync(file(name), 'utf8').trim();
  };

  if (!existsSync(file('authority-key'))) {
    const authority = await makeAuthority('aiops-sre-observability');
    write('authority-key', authority.key, 0o600);
    write('platform-ca', authority.certificate);
  }
  const authority = {
    key: readFileSync(file('authority-key'), 'utf8'),
    certificate: readFileSync(file('platform-ca'), 'utf8'),
  };
  const internal = await makeServerCertificate(INTERNAL_HOSTS, authority);
  write('platform-certificate', internal.certificate);
  write('platform-key', internal.key);
  const door = own ?? (await makeServerCertificate([host], authority));
  write('expose-certificate', door.certificate);
  write('expose-key', door.key);

  const operator = await hash(keep('operator-password', 0o600), bcryptCost);
  const platform = await hash(keep('platform-password'), bcryptCost);
  keep('grafana-password');
  write('expose-users', `${OPERATOR} ${operator}\n`);
  write('web-configuration', exposedWebConfiguration({ [OPERATOR]: operator, [PLATFORM_USER]: platform }));
  write('expose.env', `EXPOSE_HOST=${host}\n`);
}

/** The certificate must be for the host, valid now, and of the key: Caddy would start with it and no client connect. */
function checkCertificate(own: KeyPair, host: string, now: Date): void {
  const certificate = new X509Certificate(own.certificate);
  const problem =
    (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) === undefined
      ? `is for ${certificate.subjectAltName ?? 'no host'}, expected ${host}`
      : now > certificate.validToDate || now < certificate.validFromDate
        ? `is valid from ${certificate.validFrom} to ${certificate.validTo}`
        : !certificate.checkPrivateKey(createPrivateKey(own.key))
          ? 'does not belong to the key'
          : undefined;
  if (problem) throw new Error(`--certificate ${problem}`);
}
