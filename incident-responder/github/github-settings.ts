import { httpUrl, isLoopback, token } from '@aiops-sre/service-kit/settings/variables.ts';
import { z } from 'zod';

export interface GitHubSettings {
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly owner: string;
  readonly repository: string;
  readonly token: string;
}

export const gitHubVariables = {
  GITHUB_REPOSITORY: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/, 'expected OWNER/NAME')
    .optional(),
  GITHUB_API_URL: httpUrl
    .refine(
      (url) => url.startsWith('https:') || isLoopback(url),
      'expected https, or http on loopback: the token is sent there',
    )
    .default('https://api.github.com'),
  GITHUB_TOKEN: token.optional(),
};

/**
 * Undefined, which switches dispatching off, unless both a repository and a token are given.
 *
 * @throws Error that names the variable; never with the token.
 */
export function readGitHubSettings(
  variables: z.infer<z.ZodObject<typeof gitHubVariables>>,
): GitHubSettings | undefined {
  const { GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_TOKEN } = variables;
  if (GITHUB_TOKEN === undefined) return undefined;
  if (GITHUB_REPOSITORY === undefined)
    throw new Error('environment: GITHUB_REPOSITORY: expected OWNER/NAME beside the token, got nothing');
  const [owner, repository] = GITHUB_REPOSITORY.split('/') as [string, string];
  return { apiUrl: GITHUB_API_URL, owner, repository, token: GITHUB_TOKEN };
}
