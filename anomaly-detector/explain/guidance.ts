import type { Rule } from '../rules/rule.ts';

/** What its rule says to do about an anomaly, a line each; empty where it says nothing. */
export function guidanceOf({ lookFirst, suggestedActions }: Rule): {
  readonly lookFirst: string;
  readonly suggestedActions: string;
} {
  return {
    lookFirst: lookFirst
      .map(({ what, query }, index) => `${index + 1}. ${what}${query ? `: ${query}` : ''}`)
      .join('\n'),
    suggestedActions: suggestedActions.map((action) => `- ${action}`).join('\n'),
  };
}
