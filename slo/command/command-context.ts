import type { DefinitionFile, Definitions } from '../reading/read-definitions.ts';

export interface SloCommandOptions {
  /** Folder that relative file names start from. */
  readonly workingFolder: string;
  /** Root of the repository. */
  readonly repository: string;
  /** Path of promtool, where there is one: then queries are checked for their types as well. */
  readonly promtool: string | undefined;
  /** Address of the Prometheus to learn from where none is given. */
  readonly prometheus: string;
  /** Address of the incident responder, whose incidents a report names. */
  readonly responder: string;
  /** File of burn-rate windows that replaces the usual ones where `--windows` names none. */
  readonly windowsFile?: string | undefined;
  /** Folder of what its user adds, where adopted SLOs go. */
  readonly home: string;
  /** Has the running platform take that folder in. @returns what there is to say */
  readonly applyHome: () => Promise<string>;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** What commands that live in rooms of their own are given. */
export interface CommandContext {
  readonly options: SloCommandOptions;
  readonly load: (files: readonly string[]) => Promise<Definitions>;
  readonly read: (files: readonly string[]) => Promise<DefinitionFile[]>;
  /** The command goes on, and ends with 1. */
  readonly fail: () => void;
  /** The command goes on, and ends with this. */
  readonly exitWith: (code: number) => void;
}
