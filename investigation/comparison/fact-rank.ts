import { FLAG_PREFIX, parseFact } from '../traces/facts.ts';

/** From what somebody changed, over where it ran and what was asked, to how it ended. */
const ORDER = [
  /^demo\.injected_fault$/,
  new RegExp(`^${FLAG_PREFIX.replace('.', '\\.')}`),
  /^service\.version$/,
  /^vcs\./,
  /^service\.instance\.id$/,
  /^(?!http\.|error\.|calls?\b)/,
  /^http\.route$/,
  /^calls$/,
  /^http\.request/,
];

/** Which of several facts about the same requests to name first: the lowest, the one that is easiest to act on. */
export function factRank(text: string): number {
  const { attribute } = parseFact(text);
  const index = ORDER.findIndex((pattern) => pattern.test(attribute));
  return index === -1 ? ORDER.length : index;
}
