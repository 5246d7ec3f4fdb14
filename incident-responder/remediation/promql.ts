import { parser } from '@prometheus-io/lezer-promql';

/** What is wrong with a query's grammar; undefined if nothing is. */
export function promqlProblem(query: string): string | undefined {
  if (query.trim() === '') return 'it is empty';
  let problem: string | undefined;
  parser.parse(query).iterate({
    enter(node) {
      if (problem === undefined && node.type.isError)
        problem = `syntax error at "${query.slice(node.from, node.from + 30)}"`;
    },
  });
  return problem;
}

/** A text as a string of PromQL, whose escapes are those of JSON: no text can end it. */
export const promqlString = (text: string): string => JSON.stringify(text);
