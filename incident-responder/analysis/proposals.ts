import { execFile } from 'node:child_process';
import { stringify } from 'yaml';
import { z } from 'zod';
import { promqlProblem } from '../remediation/promql.ts';

const MAX_PROPOSALS = 3;
const CHECK_TIMEOUT_MS = 5000;

/** One line of visible text. A template in an annotation would be run by who takes the rule over. */
const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[^\p{C}\u2028\u2029]*$/u)
    .refine((text) => !text.includes('{{'));

const proposalSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('query'),
    name: line(80),
    expr: line(1000),
    for: z.string(),
    why: line(300),
  }),
  z.strictObject({
    kind: z.literal('rule'),
    name: line(80).regex(/^[A-Z][A-Za-z0-9]*$/),
    expr: line(1000),
    for: z.string().regex(/^[1-9]\d{0,3}[smh]$/),
    why: line(300),
  }),
]);
type Proposed = z.infer<typeof proposalSchema>;

/** The same for servers that can hold a model to a schema. */
export const PROPOSALS_JSON_SCHEMA = {
  type: 'array',
  description: `${MAX_PROPOSALS} at most: PromQL to look at, or alerting rules that would have told sooner`,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['kind', 'name', 'expr', 'for', 'why'],
    properties: {
      kind: { type: 'string', enum: ['query', 'rule'] },
      name: { type: 'string', description: 'What a query shows; of a rule its name, like RequestsFail' },
      expr: { type: 'string', description: 'PromQL' },
      for: { type: 'string', description: 'Of a rule: how long before it fires, like 5m; else empty' },
      why: { type: 'string', description: 'One sentence' },
    },
  },
} as const;

/** A query or rule of a model that parsed: a text that people may take over. Nothing loads it. */
export interface Proposal {
  readonly kind: 'query' | 'rule';
  readonly name: string;
  readonly why: string;
  /** PromQL, or a rule as YAML. */
  readonly text: string;
  /** What accepted it: promtool, or PromQL's grammar where there is none. */
  readonly acceptedBy: 'promtool' | 'grammar';
}

/** Those of the proposals in an answer that are well formed and accepted; what else is there is dropped. */
export async function acceptedProposals(
  proposed: readonly unknown[],
  promtool: string | undefined,
): Promise<readonly Proposal[]> {
  const accepted = await Promise.all(
    proposed.slice(0, MAX_PROPOSALS).map(async (each): Promise<readonly Proposal[]> => {
      const { data } = proposalSchema.safeParse(each);
      if (data === undefined || promqlProblem(data.expr) !== undefined) return [];
      if (promtool !== undefined && !(await isAccepted(promtool, ruleOf(data)))) return [];
      const { kind, name, why, expr } = data;
      const text = kind === 'query' ? expr : stringify([ruleOf(data)]);
      return [{ kind, name, why, text, acceptedBy: promtool === undefined ? 'grammar' : 'promtool' }];
    }),
  );
  return accepted.flat();
}

const ruleOf = ({ kind, name, expr, why, ...rest }: Proposed) =>
  kind === 'query'
    ? { record: 'proposed:query', expr }
    : { alert: name, expr, for: rest.for, labels: { severity: 'ticket' }, annotations: { summary: why } };

/** By promtool, which is given the rule as YAML on its standard input (JSON is YAML) and nothing of our environment. */
function isAccepted(promtool: string, rule: object): Promise<boolean> {
  return new Promise((resolve) => {
    const limits = { timeout: CHECK_TIMEOUT_MS, maxBuffer: 1024 * 1024, env: {} };
    const checking = execFile(promtool, ['check', 'rules'], limits, (error) => resolve(error === null));
    // A promtool that is gone by then says so above.
    checking.stdin?.on('error', () => {});
    checking.stdin?.end(JSON.stringify({ groups: [{ name: 'proposed', rules: [rule] }] }));
  });
}
