/** `npm run expose -- --host NAME`: writes the secrets that docker-compose.expose.yml needs. */

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { Command, InvalidArgumentError } from 'commander';
import { OPERATOR, writeSecretsFolder } from './secrets-folder.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

function hostName(value: string): string {
  if (isIP(value) || HOST_NAME.test(value)) return value;
  throw new InvalidArgumentError('expected a host name or an address, without scheme and port');
}

const program = new Command('npm run expose --')
  .description('Writes passwords and certificates for exposure beyond loopback into secrets/expose.')
  .requiredOption('--host <name>', 'the name by which browsers and clients call this machine', hostName)
  .option(
    '--certificate <file>',
    "a certificate of your own for it, PEM with its chain (default: the folder's own authority signs one)",
  )
  .option('--key <file>', 'its private key, PEM')
  .action(async ({ host, certificate, key }: { host: string; certificate?: string; key?: string }) => {
    if (Boolean(certificate) !== Boolean(key)) throw new Error('--certificate and --key belong together');
    const folder = join(root, 'secrets', 'expose');
    await writeSecretsFolder({
      folder,
      host,
      now: new Date(),
      ...(certificate &&
        key && { own: { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') } }),
    });
    print(`secrets/expose is ready for ${host}. User ${OPERATOR}, password in secrets/expose/operator-password;
Grafana asks for its own behind that: admin, password in secrets/expose/grafana-password.
${certificate ? '' : 'Browsers trust the certificates once they know secrets/expose/platform-ca.\n'}
Next:

  docker compose --env-file .env --env-file secrets/expose/expose.env \\
    -f docker-compose.yml -f docker-compose.expose.yml up -d --build`);
  });

try {
  await program.parseAsync();
} catch (error) {
  printError((error as Error).message);
  process.exitCode = 1;
}
