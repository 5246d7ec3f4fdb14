/** Data of one engine, part by part. The parts of both have the same names and the same files but for secrets and flags. */
export interface DataStore {
  /** Parts that are there, without secrets. */
  parts(): Promise<readonly string[]>;
  /** Parts that open doors: passwords, tokens, keys. */
  secretParts(): Promise<readonly string[]>;
  /** Whether it has a place for such a part. */
  accepts(part: string): boolean;
  /** Bytes that a backup of these parts reads. */
  bytes(parts: readonly string[]): Promise<number>;
  /** Writes the part, as of one moment, into a new .tar.gz. What has to stand still for it is started again. */
  pack(part: string, file: string): Promise<void>;
  /** Unpacks a part beside what is there; nothing of that is touched before {@link commit}. */
  stage(part: string, file: string): Promise<void>;
  /** Ends what runs, and puts what was staged in place of all parts that are there. Not to be interrupted. */
  commit(): Promise<void>;
  /** Removes what was staged. Harmless after a commit. */
  abandon(): Promise<void>;
}
