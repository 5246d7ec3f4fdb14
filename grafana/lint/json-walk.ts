/** Every object inside of parsed JSON, itself included, and every text. */
export function* values(json: unknown): Generator<Readonly<Record<string, unknown>> | string> {
  if (typeof json === 'string') yield json;
  else if (Array.isArray(json)) for (const item of json) yield* values(item);
  else if (typeof json === 'object' && json !== null) {
    yield json as Record<string, unknown>;
    for (const item of Object.values(json)) yield* values(item);
  }
}
