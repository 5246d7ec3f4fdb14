/** Whether a value that was parsed, of YAML or JSON, has entries by name. */
export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
