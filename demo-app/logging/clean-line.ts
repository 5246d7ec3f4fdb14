/** Longer lines are shortened field by field; a request's own line has some 300 characters. */
const MAX_LINE_LENGTH = 16_384;
const MAX_TEXT_LENGTH = 2_048;
const MAX_FIELDS = 32;

const CENSORED = '[redacted]';

/** Names of what is secret, as names of fields and before `=` or `:` in text and in query strings. */
const SECRET_NAME =
  'authorization|cookie|pass(?:wor)?d|passwd|passphrase|secret|tokens?|api[-_]?key|private[-_]?key|credentials?';
/** Fields whose value is a secret, personal, or a body or headers that may hold either. `token_count` and the like stay. */
const SECRET_FIELD = new RegExp(
  `(?:${SECRET_NAME})$|authorization|cookie|passw|secret|e-?mail|^headers$|^body$`,
  'i',
);

const E_MAIL = /[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}/g;
/** `Bearer` and `Basic` with what follows, JSON web tokens by how they begin (`{"` in base64), keys in PEM. */
const CREDENTIAL =
  /\b(?:bearer|basic)\s+[^\s",;]+|eyJ[\w-]+\.[\w.-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gi;
/** `password=...`, `access_token: ...`, `"apiKey":"..."`; the name stays. */
const ASSIGNED = new RegExp(
  `([\\w-]*(?:${SECRET_NAME})\\\\?["']?\\s*[:=]\\s*)(?:\\\\?"[^"\\\\]*|'[^']*|[^\\s"'&,;}]+)`,
  'gi',
);
/** `//user:password@host`. */
const LOGIN_IN_URL = /\/\/[^\s/@:]*:[^\s/@]+@/g;

/** Where none of these occurs, nothing has to be taken out: true of nearly every line. */
const SUSPICIOUS = new RegExp(
  `(?:${SECRET_NAME})\\\\?["']?\\s*[:=]|authorization|cookie|passw|secret|e-?mail|"headers"|"body"|@|(?:bearer|basic)\\s|eyj|private key`,
  'i',
);

/**
 * A line of JSON as it may leave the process: what is secret or personal replaced, at any depth, and no longer than
 * about 16 KiB, with `truncated_from`, its length before, where something was cut. A line that needs neither is returned as is.
 */
export function cleanLine(line: string): string {
  if (line.length <= MAX_LINE_LENGTH && !SUSPICIOUS.test(line)) return line;
  const entry = cleaned(JSON.parse(line)) as Record<string, unknown>;
  if (line.length > MAX_LINE_LENGTH) entry.truncated_from = line.length;
  const text = JSON.stringify(entry);
  if (text.length <= MAX_LINE_LENGTH) return `${text}\n`;
  const { level, time, service, instance, trace_id, span_id, msg, truncated_from } = entry;
  const remaining = { level, time, service, instance, trace_id, span_id, msg };
  return `${JSON.stringify({ ...remaining, truncated_from: truncated_from ?? line.length })}\n`;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') {
    const text =
      value.length > MAX_TEXT_LENGTH ? `${value.slice(0, MAX_TEXT_LENGTH).toWellFormed()}...` : value;
    return text
      .replace(CREDENTIAL, CENSORED)
      .replace(ASSIGNED, `$1${CENSORED}`)
      .replace(LOGIN_IN_URL, `//${CENSORED}@`)
      .replace(E_MAIL, CENSORED);
  }
  if (Array.isArray(value)) return value.slice(0, MAX_FIELDS).map(cleaned);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_FIELDS)
      .map(([key, inner]) => [
        key.slice(0, MAX_TEXT_LENGTH),
        SECRET_FIELD.test(key) ? CENSORED : cleaned(inner),
      ]),
  );
}
