import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeGitHub } from '@aiops-sre/incident-responder/testing/fake-github.ts';

const REPOSITORY = 'drills/standby';
const TOKEN = 'a-token-of-drills-only';

/**
 * Listens on loopback as GitHub's repository_dispatch until `signal` is aborted: says how a stack is led to it, and each
 * event that it takes.
 *
 * @throws Error where the port is in use
 */
export async function serveFakeGitHub(options: {
  readonly port: number;
  readonly signal: AbortSignal;
  readonly out: (line: string) => void;
}): Promise<void> {
  const { port, signal, out } = options;
  const folder = mkdtempSync(join(tmpdir(), 'fake-github-'));
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
  try {
    const gitHub = await startFakeGitHub({
      repository: REPOSITORY,
      token: TOKEN,
      port,
      onDispatch: ({ event_type, client_payload }) =>
        out(`${new Date().toISOString()} ${event_type} ${JSON.stringify(client_payload)}`),
    });
    out(
      `A fake GitHub. Start the stack that dispatches to it with\n\n  GITHUB_API_URL=${gitHub.apiUrl} GITHUB_REPOSITORY=${REPOSITORY} GITHUB_TOKEN_FILE=${tokenFile} npm start -- --engine native\n\nEvents it is told of:`,
    );
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await gitHub.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
