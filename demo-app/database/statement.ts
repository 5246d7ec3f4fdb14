/**
 * A statement with a name, under which each connection prepares it once. Values go in as parameters only: the text is what
 * traces show.
 */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export const statement = (name: string, text: string): Statement => ({
  name,
  text: text.replace(/\s+/g, ' ').trim(),
});
