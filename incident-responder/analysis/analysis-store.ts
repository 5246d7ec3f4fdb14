import type { DatabaseSync } from 'node:sqlite';
import type { Verdict } from '../incidents/incident.ts';
import type { Proposal } from './proposals.ts';

export const ANALYSIS_OUTCOMES = ['answered', 'invalid', 'failed'] as const;
export type AnalysisOutcome = (typeof ANALYSIS_OUTCOMES)[number];

/** What is kept of a model's answer: text alone. */
interface Explanation {
  readonly text: string;
  /** Hypotheses in the model's order, in the words they had when it was asked. */
  readonly ranked: readonly string[];
  readonly caution: string;
  /** Left out of answers from before there were any. */
  readonly proposals?: readonly Proposal[];
}

/** The latest question about an incident and what came of it. */
export interface Analysis {
  readonly incidentId: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly model: string;
  readonly outcome: AnalysisOutcome;
  readonly answer: Explanation | null;
  /** What people say of the answer. */
  readonly verdict: Verdict | null;
}

export interface Spent {
  readonly tokens: number;
  readonly dollars: number;
}

/** Questions to a model, what they cost, and what people think of the answers. Every method joins an open transaction. */
export class AnalysisStore {
  readonly #database: DatabaseSync;

  constructor({ database }: { readonly database: DatabaseSync }) {
    this.#database = database;
  }

  add(analysis: Omit<Analysis, 'verdict'>, spent: Spent): void {
    this.#database
      .prepare(
        'INSERT INTO analyses (incident_id, at_ms, model, outcome, answer, tokens, dollars) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        analysis.incidentId,
        analysis.atMs,
        analysis.model,
        analysis.outcome,
        analysis.answer && JSON.stringify(analysis.answer),
        spent.tokens,
        spent.dollars,
      );
  }

  /** The latest answer about an incident. */
  answerOf(incidentId: number): Analysis | undefined {
    const row = this.#database
      .prepare(
        "SELECT * FROM analyses WHERE incident_id = ? AND outcome = 'answered' ORDER BY id DESC LIMIT 1",
      )
      .get(incidentId);
    return (
      row && {
        incidentId,
        atMs: row.at_ms as number,
        model: row.model as string,
        outcome: 'answered',
        answer: JSON.parse(row.answer as string) as Explanation,
        verdict: row.verdict as Verdict | null,
      }
    );
  }

  questions(incidentId: number): number {
    return Number(
      this.#database.prepare('SELECT count(*) AS count FROM analyses WHERE incident_id = ?').get(incidentId)
        ?.count,
    );
  }

  spentSince(ms: number): Spent {
    const row = this.#database
      .prepare('SELECT total(tokens) AS tokens, total(dollars) AS dollars FROM analyses WHERE at_ms >= ?')
      .get(ms);
    return { tokens: Number(row?.tokens), dollars: Number(row?.dollars) };
  }

  /** @returns false if there is no answer to judge */
  judge(incidentId: number, verdict: Verdict): boolean {
    return (
      this.#database
        .prepare(
          `UPDATE analyses SET verdict = ? WHERE id =
             (SELECT max(id) FROM analyses WHERE incident_id = ? AND outcome = 'answered')`,
        )
        .run(verdict, incidentId).changes > 0
    );
  }

  /** Share of judged answers that were right; undefined before the first verdict. */
  accuracy(): number | undefined {
    const row = this.#database
      .prepare("SELECT count(verdict) AS judged, total(verdict = 'right') AS right FROM analyses")
      .get();
    const judged = Number(row?.judged);
    return judged === 0 ? undefined : Number(row?.right) / judged;
  }

  prune(nowMs: number, retentionMs: number): void {
    this.#database.prepare('DELETE FROM analyses WHERE at_ms < ?').run(nowMs - retentionMs);
  }
}
