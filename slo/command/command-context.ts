import type { DefinitionFile, Definitions } from '../reading/read-definitions.ts';
import type { SloCommandOptions } from './command.ts';

/** What commands that live in rooms of their own are given. */
export interface CommandContext {
  readonly options: SloCommandOptions;
  readonly load: (files: readonly string[]) => Promise<Definitions>;
  readonly read: (files: readonly string[]) => Promise<DefinitionFile[]>;
  /** The command goes on, and ends with 1. */
  readonly fail: () => void;
}
