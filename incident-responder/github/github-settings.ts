import { readFileSync } from 'node:fs';
import { z } from 'zod';

export interface GitHubSettings {
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly owner: string;
  readonly repository: string;
  readonly token: string;
}

const LOOPBACK_HOSTS = ['127.0.0.1', '[::1]', 'localhost'];

export const gitHubVariables = {
  GITHUB_REPOSITORY: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/, 'expected OWNER/NAME')
    .optional(),
  GITHUB_API_URL: z
    .url()
    .refine((text) => {
      const { protocol, hostname } = new URL(text);
      return protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname));
    }, 'expected https, or http on loopback: the token is sent there')
    .default('https://api.github.com'),
  GITHUB_TOKEN: z.string().optional(),
  GITHUB_TOKEN_FILE: z.string().optional(),
};

/**
 * Undefined, which switches dispatching off, unless both a repository and a token are given.
 *
 * @throws Error that names the variable; never with the token.
 */
export function readGitHubSettings(
  variables: z.infer<z.ZodObject<typeof gitHubVariables>>,
): GitHubSettings | undefined {
  const { GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_TOKEN, GITHUB_TOKEN_FILE } = variables;
  if (GITHUB_TOKEN === undefined && GITHUB_TOKEN_FILE === undefined) return undefined;
  if (GITHUB_REPOSITORY === undefined)
    throw new Error('GITHUB_REPOSITORY: expected OWNER/NAME beside the token, got nothing');
  const token = GITHUB_TOKEN ?? readTokenFile(GITHUB_TOKEN_FILE as string);
  if (!/^[\x21-\x7e]{16,}$/.test(token))
    throw new Error(
      `${GITHUB_TOKEN === undefined ? `GITHUB_TOKEN_FILE ${GITHUB_TOKEN_FILE}` : 'GITHUB_TOKEN'}: expected a token of 16 characters or more without spaces, got ${token.length} characters`,
    );
  const [owner, repository] = GITHUB_REPOSITORY.split('/') as [string, string];
  return { apiUrl: GITHUB_API_URL.replace(/\/+$/, ''), owner, repository, token };
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new Error(`GITHUB_TOKEN_FILE: cannot read ${file}`, { cause });
  }
}
