import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeGitHub } from '@aiops-sre/incident-responder/testing/fake-github.ts';
import { type OwnStack, withOwnStack } from '@aiops-sre/stack/testing/with-own-stack.ts';
import { type RunningStack, runningStack } from '../drill/running-stack.ts';

const REPOSITORY = 'drills/standby';
const TOKEN = 'a-token-of-drills-only';

type FakeGitHub = Awaited<ReturnType<typeof startFakeGitHub>>;

/** Calls `use` with a native stack of its own, whose responder takes a fake for GitHub, and ends both. */
export async function withLabStack<T>(
  { environment, ...own }: OwnStack & { readonly environment: NodeJS.ProcessEnv },
  use: (stack: RunningStack, gitHub: FakeGitHub) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-github-'));
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
  const gitHub = await startFakeGitHub({ repository: REPOSITORY, token: TOKEN });
  const startedWith = {
    ...own.startedWith,
    GITHUB_API_URL: gitHub.apiUrl,
    GITHUB_REPOSITORY: REPOSITORY,
    GITHUB_TOKEN_FILE: tokenFile,
  };
  try {
    return await withOwnStack({ ...own, startedWith }, (leading) =>
      use(runningStack(own.root, { ...environment, ...leading }), gitHub),
    );
  } finally {
    await gitHub.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
