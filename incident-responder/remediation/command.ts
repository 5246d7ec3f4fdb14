/** What a command must know to be taken back, as JSON; stored before it is carried out. */
export type Undo = Readonly<Record<string, string>>;

/**
 * Something that is done to the world. `carryOut` and `takeBack` may be called again after a crash, and then do nothing
 * a second time, or the same thing to the same end. None of them passes a string to a shell.
 */
export interface Command {
  /** For people, one line. */
  readonly description: string;
  /** Looks only. Rejects if the command could not be carried out, or its undoing not be known. */
  prepare(signal: AbortSignal): Promise<Undo>;
  carryOut(signal: AbortSignal): Promise<void>;
  /** Back to what `prepare` saw. */
  takeBack(undo: Undo, signal: AbortSignal): Promise<void>;
}
