/** What a benchmark measured, by name. */
export type Figures = Record<string, { readonly value: number; readonly unit: string }>;

export interface BenchmarkOptions {
  /** The checkout. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What stands after the benchmark's name on the command line. */
  readonly args: readonly string[];
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Benchmark {
  readonly description: string;
  run(options: BenchmarkOptions): Promise<Figures>;
}
