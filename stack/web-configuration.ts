import { hashSync } from 'bcryptjs';
import { stringify } from 'yaml';

/** Of a secret of 256 bits: slow rounds are for passwords that people choose. The least that bcrypt has. */
const ROUNDS_FOR_SECRETS = 4;

export const hashOfSecret = (secret: string): string => hashSync(secret, ROUNDS_FOR_SECRETS);

/**
 * `--web.config.file` of Prometheus or Alertmanager: passwords by their bcrypt hashes, and headers that keep it out of
 * other sites' frames.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/https/
 */
export function webConfiguration(options: {
  readonly users: Readonly<Record<string, string>>;
  /** Files, PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}): string {
  const { users, tls } = options;
  return stringify({
    ...(tls && {
      tls_server_config: { cert_file: tls.certificate, key_file: tls.key, min_version: 'TLS12' },
    }),
    basic_auth_users: users,
    http_server_config: {
      headers: {
        'X-Frame-Options': 'deny',
        'Content-Security-Policy': "frame-ancestors 'none'",
        'X-Content-Type-Options': 'nosniff',
      },
    },
  });
}
