import { execa } from 'execa';
import { NotHereError } from './command.ts';

const INSTALL_MS = 10 * 60_000;

/** Installs packages of Debian, as root. @throws NotHereError naming them and why */
export async function installPackages(names: readonly string[], signal: AbortSignal): Promise<void> {
  const apt = (...args: readonly string[]) =>
    execa('apt-get', ['-qq', ...args], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      timeout: INSTALL_MS,
      cancelSignal: signal,
      reject: false,
    });
  await apt('update');
  const installed = await apt('install', '-y', '--no-install-recommends', ...names);
  if (installed.failed)
    throw new NotHereError(
      `${names.join(', ')} cannot be installed: ${installed.stderr || installed.shortMessage}`,
    );
}
