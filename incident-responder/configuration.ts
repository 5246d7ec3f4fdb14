import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import {
  type AnalysisSettings,
  analysisVariables,
  readAnalysisSettings,
} from './analysis/analysis-settings.ts';
import { type GitHubSettings, gitHubVariables, readGitHubSettings } from './github/github-settings.ts';

import { type ResponseSettings, readResponseSettings, responseVariables } from './response-settings.ts';

const repository = resolve(import.meta.dirname, '..');
const MIN_TOKEN_LENGTH = 16;

export interface ResponderConfiguration {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly runbooksDir: string;
  /** Undefined where authentication was switched off on purpose. */
  readonly webhookToken: string | undefined;
  /** Of people who approve and reject actions; undefined: nobody may. */
  readonly operatorToken: string | undefined;
  readonly watchdogTimeoutMs: number;
  readonly retentionMs: number;
  /** Where disaster recovery is dispatched to; undefined switches that off. */
  readonly gitHub?: GitHubSettings | undefined;
  readonly response: ResponseSettings;
  /** A language model that words explanations; undefined, as by default, switches that off. */
  readonly analysis?: AnalysisSettings | undefined;
  readonly logLevel: string;
}

const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8091),
  DATA_DIR: z
    .string()
    .min(1)
    .default(join(repository, '.data', 'incident-responder')),
  RUNBOOKS_DIR: z
    .string()
    .min(1)
    .default(join(repository, 'docs', 'runbooks')),
  WEBHOOK_AUTHENTICATION: z.enum(['required', 'off']).default('required'),
  WEBHOOK_TOKEN: z.string().optional(),
  WEBHOOK_TOKEN_FILE: z.string().optional(),
  OPERATOR_TOKEN: z.string().optional(),
  OPERATOR_TOKEN_FILE: z.string().optional(),
  WATCHDOG_TIMEOUT_SECONDS: z.coerce.number().min(1).max(86_400).default(180),
  ...gitHubVariables,
  ...analysisVariables,
  ...responseVariables,
  RESTART_TOKEN: z.string().optional(),
  RESTART_TOKEN_FILE: z.string().optional(),
  RETENTION_DAYS: z.coerce.number().min(1).max(3650).default(35),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/**
 * The responder's settings, from environment variables.
 *
 * @throws Error that names the variable, what is expected and, except for tokens, what was found.
 */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
): ResponderConfiguration {
  // A variable that is set but empty, as compose files leave them, counts as not set.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = environmentSchema.safeParse(given);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `${name}: ${issue.message}, got "${given[name]}"`;
    });
    throw new Error(problems.join('\n'));
  }
  const variables = result.data;
  return {
    host: variables.HOST,
    port: variables.PORT,
    dataDir: resolve(variables.DATA_DIR),
    runbooksDir: resolve(variables.RUNBOOKS_DIR),
    webhookToken: webhookToken(variables),
    operatorToken: readToken(variables, 'OPERATOR_TOKEN'),
    watchdogTimeoutMs: variables.WATCHDOG_TIMEOUT_SECONDS * 1000,
    retentionMs: variables.RETENTION_DAYS * 86_400_000,
    gitHub: readGitHubSettings(variables),
    response: readResponseSettings(variables, readToken(variables, 'RESTART_TOKEN')),
    analysis: readAnalysisSettings(variables),
    logLevel: variables.LOG_LEVEL,
  };
}

type Variables = z.infer<typeof environmentSchema>;

function webhookToken(variables: Variables): string | undefined {
  if (variables.WEBHOOK_AUTHENTICATION === 'off') return undefined;
  const token = readToken(variables, 'WEBHOOK_TOKEN');
  if (token === undefined)
    throw new Error(
      'WEBHOOK_TOKEN or WEBHOOK_TOKEN_FILE: expected the webhook token, got neither; WEBHOOK_AUTHENTICATION=off does without',
    );
  return token;
}

/** From the variable itself, or from the file that NAME_FILE names; undefined where neither is set. */
function readToken(
  variables: Variables,
  name: 'WEBHOOK_TOKEN' | 'OPERATOR_TOKEN' | 'RESTART_TOKEN',
): string | undefined {
  const token = variables[name];
  if (token !== undefined) return checkedToken(token, name);
  const file = variables[`${name}_FILE`];
  if (file === undefined) return undefined;
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${name}_FILE: cannot read ${file}`, { cause });
  }
  return checkedToken(content.trim(), `${name}_FILE ${file}`);
}

function checkedToken(token: string, where: string): string {
  if (token.length < MIN_TOKEN_LENGTH || /\s/.test(token))
    throw new Error(
      `${where}: expected at least ${MIN_TOKEN_LENGTH} characters without spaces, got ${token.length} characters`,
    );
  return token;
}
