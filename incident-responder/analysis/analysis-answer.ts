import { z } from 'zod';
import { PROPOSALS_JSON_SCHEMA } from './proposals.ts';

/** What a model may say: words, an order, and texts for people to take over; nothing that is carried out. */
const analysisAnswerSchema = z.strictObject({
  explanation: z.string().trim().min(20).max(1500),
  /** Numbers of hypotheses, most probable first. */
  ranking: z.array(z.number().int().min(0)).max(10),
  /** What the evidence does not show. */
  caution: z.string().trim().max(500),
  /** Queries and rules, each looked at by itself. */
  proposals: z.array(z.unknown()).max(10).default([]),
});
export type AnalysisAnswer = z.infer<typeof analysisAnswerSchema>;

/** The same for servers that can hold a model to a schema; the answer is checked all the same. */
export const ANALYSIS_JSON_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['explanation', 'ranking', 'caution', 'proposals'],
  properties: {
    explanation: { type: 'string', description: 'What probably happened and why, in 2 to 5 plain sentences' },
    ranking: {
      type: 'array',
      items: { type: 'integer' },
      description: 'Numbers of hypotheses, most probable first',
    },
    caution: { type: 'string', description: 'One sentence: what the evidence does not show' },
    proposals: PROPOSALS_JSON_SCHEMA,
  },
} as const;

/**
 * @param hypotheses how many there are
 * @throws Error that says what is wrong with the answer, without its content
 */
export function readAnswer(text: string, hypotheses: number): AnalysisAnswer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('answer: expected JSON');
  }
  const result = analysisAnswerSchema.safeParse(json);
  if (!result.success) {
    const problems = result.error.issues
      .slice(0, 3)
      .map((issue) => `${issue.path.join('.') || 'answer'}: ${issue.message}`);
    throw new Error(problems.join('; '));
  }
  const { ranking } = result.data;
  if (new Set(ranking).size !== ranking.length || ranking.some((number) => number >= hypotheses))
    throw new Error(`ranking: expected different numbers below ${hypotheses}`);
  return result.data;
}
