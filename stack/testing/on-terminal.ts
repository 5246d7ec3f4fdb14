/** For execa: a child's output goes to the terminal, each line behind `prefix` where there is one. */
export function onTerminalAs(prefix: string | undefined) {
  const prefixed = function* (line: string): Generator<string> {
    yield `${prefix} | ${line}`;
  };
  const sink = prefix === undefined ? ('inherit' as const) : ([prefixed, 'inherit'] as const);
  return { stdout: sink, stderr: sink };
}
