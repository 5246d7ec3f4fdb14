import {
  httpUrl,
  isLoopback,
  numberBetween,
  wholeNumberBetween,
} from '@aiops-sre/service-kit/settings/variables.ts';
import { z } from 'zod';

export interface AnalysisSettings {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  readonly model: string;
  readonly timeoutMs: number;
  readonly dollarsPerMillionInputTokens: number;
  readonly dollarsPerMillionOutputTokens: number;
  /** Of any 24 hours. Spent: nothing more is asked. */
  readonly dailyDollars: number;
  readonly dailyTokens: number;
  /** Checks what a model proposes; undefined: PromQL's grammar does. */
  readonly promtool: string | undefined;
}

export const analysisVariables = {
  ANALYSIS_MODEL: z.string().min(1).max(200).optional(),
  ANALYSIS_BASE_URL: httpUrl
    .refine((url) => url.startsWith('https:') || isLoopback(url), 'expected https, or http on loopback')
    .default('https://api.openai.com/v1'),
  ANALYSIS_API_KEY: z.string().optional(),
  ANALYSIS_TIMEOUT_SECONDS: numberBetween(1, 300).default(30),
  ANALYSIS_INPUT_DOLLARS: numberBetween(0, 1e6).optional(),
  ANALYSIS_OUTPUT_DOLLARS: numberBetween(0, 1e6).optional(),
  ANALYSIS_DAILY_DOLLARS: numberBetween(0, 1e6).default(1),
  ANALYSIS_DAILY_TOKENS: wholeNumberBetween(0, 1e9).default(200_000),
  ANALYSIS_PROMTOOL: z.string().min(1).optional(),
};

/**
 * Undefined, which is the default and switches analysis off, without ANALYSIS_MODEL.
 *
 * @throws Error naming the variable: a model that is not on this host needs its prices, or its budget would mean nothing.
 */
export function readAnalysisSettings(
  variables: z.infer<z.ZodObject<typeof analysisVariables>>,
): AnalysisSettings | undefined {
  if (variables.ANALYSIS_MODEL === undefined) return undefined;
  const {
    ANALYSIS_BASE_URL: baseUrl,
    ANALYSIS_INPUT_DOLLARS: input,
    ANALYSIS_OUTPUT_DOLLARS: output,
  } = variables;
  if ((input === undefined || output === undefined) && !isLoopback(baseUrl))
    throw new Error(
      'environment: ANALYSIS_INPUT_DOLLARS, ANALYSIS_OUTPUT_DOLLARS: expected dollars a million tokens for a model that is not on this host, got nothing',
    );
  return {
    baseUrl,
    apiKey: variables.ANALYSIS_API_KEY,
    model: variables.ANALYSIS_MODEL,
    timeoutMs: variables.ANALYSIS_TIMEOUT_SECONDS * 1000,
    dollarsPerMillionInputTokens: input ?? 0,
    dollarsPerMillionOutputTokens: output ?? 0,
    dailyDollars: variables.ANALYSIS_DAILY_DOLLARS,
    dailyTokens: variables.ANALYSIS_DAILY_TOKENS,
    promtool: variables.ANALYSIS_PROMTOOL,
  };
}
