import { join, resolve } from 'node:path';
import { type Environment, readEnvironment } from '@aiops-sre/service-kit/settings/environment.ts';
import {
  hostNames,
  logLevel,
  numberBetween,
  port,
  token,
} from '@aiops-sre/service-kit/settings/variables.ts';
import { z } from 'zod';
import {
  type AnalysisSettings,
  analysisVariables,
  readAnalysisSettings,
} from './analysis/analysis-settings.ts';
import { type GitHubSettings, gitHubVariables, readGitHubSettings } from './github/github-settings.ts';

import { type ResponseSettings, readResponseSettings, responseVariables } from './response-settings.ts';

const repository = resolve(import.meta.dirname, '..');

export interface ResponderConfiguration {
  readonly host: string;
  readonly port: number;
  /** Names that requests call it by. */
  readonly names?: readonly string[];
  readonly dataDir: string;
  readonly runbooksDir: string;
  /** Undefined where authentication was switched off on purpose. */
  readonly webhookToken: string | undefined;
  /** Of people who approve and reject actions; undefined: nobody may. */
  readonly operatorToken: string | undefined;
  /** Of assistants that ask over /mcp; undefined: there is no such path. */
  readonly mcpToken?: string | undefined;
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
  PORT: port.default(8091),
  ALLOWED_HOSTS: hostNames.default([]),
  DATA_DIR: z
    .string()
    .min(1)
    .default(join(repository, '.data', 'incident-responder')),
  RUNBOOKS_DIR: z
    .string()
    .min(1)
    .default(join(repository, 'docs', 'runbooks')),
  WEBHOOK_AUTHENTICATION: z.enum(['required', 'off']).default('required'),
  WEBHOOK_TOKEN: token.optional(),
  OPERATOR_TOKEN: token.optional(),
  MCP_TOKEN: token.optional(),
  RESTART_TOKEN: token.optional(),
  WATCHDOG_TIMEOUT_SECONDS: numberBetween(1, 86_400).default(180),
  ...gitHubVariables,
  ...analysisVariables,
  ...responseVariables,
  RETENTION_DAYS: numberBetween(1, 3650).default(35),
  LOG_LEVEL: logLevel.default('info'),
});

/**
 * The responder's settings, from environment variables.
 *
 * @throws Error that names the variable, what is expected and, except for tokens, what was found.
 */
export function readConfiguration(environment: Environment): ResponderConfiguration {
  const variables = readEnvironment(environmentSchema, environment);
  return {
    host: variables.HOST,
    port: variables.PORT,
    names: [new URL(variables.PUBLIC_URL).hostname, ...variables.ALLOWED_HOSTS],
    dataDir: resolve(variables.DATA_DIR),
    runbooksDir: resolve(variables.RUNBOOKS_DIR),
    webhookToken: webhookToken(variables),
    operatorToken: variables.OPERATOR_TOKEN,
    mcpToken: variables.MCP_TOKEN,
    watchdogTimeoutMs: variables.WATCHDOG_TIMEOUT_SECONDS * 1000,
    retentionMs: variables.RETENTION_DAYS * 86_400_000,
    gitHub: readGitHubSettings(variables),
    response: readResponseSettings(variables, variables.RESTART_TOKEN),
    analysis: readAnalysisSettings(variables),
    logLevel: variables.LOG_LEVEL,
  };
}

type Variables = z.infer<typeof environmentSchema>;

function webhookToken({ WEBHOOK_AUTHENTICATION, WEBHOOK_TOKEN }: Variables): string | undefined {
  if (WEBHOOK_AUTHENTICATION === 'off') return undefined;
  if (WEBHOOK_TOKEN === undefined)
    throw new Error(
      'environment: WEBHOOK_TOKEN or WEBHOOK_TOKEN_FILE: expected the webhook token, got neither; WEBHOOK_AUTHENTICATION=off does without',
    );
  return WEBHOOK_TOKEN;
}
