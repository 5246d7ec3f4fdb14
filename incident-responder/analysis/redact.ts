/**
 * What must not leave the house, each with what stands in for it. Meant to be too eager rather than not enough: the words
 * around it carry the meaning.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(-----END [A-Z ]+-----|$)/g, '[key]'],
  [/\b(?:bearer|basic|token)\s+[\w.~+/=-]{8,}/gi, '[credential]'],
  [/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '[token]'],
  [/\b(?:gh[oprsu]_|github_pat_|sk-|xox[abprs]-|AKIA|glpat-)[\w-]{8,}/g, '[token]'],
  [
    /\b([\w-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|credential|authorization|cookie)[\w-]*)(["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
    '$1$2[secret]',
  ],
  [/\/\/[^\s/@:]+:[^\s/@]+@/g, '//[login]@'],
  // Looking back keeps it from being tried at every letter of a long word.
  [/(?<![\w.+-])[\w.+-]+@[\w-]+(\.[\w-]+)+/g, '[address]'],
  [/(?<!\d)(?:\d{1,3}\.){3}\d{1,3}(?!\d)/g, '[ip]'],
  [/\b(?:\d[ -]?){13,19}\b/g, '[number]'],
  [/\b[A-Fa-f0-9]{32,}\b/g, '[hex]'],
];

/** `text` without secrets, personal data, and characters that control or are not seen, of `maxLength` characters at most. */
export function redact(text: string, maxLength: number): string {
  // Cut first, with room for what gets shorter: patterns must not run over megabytes.
  let clean = text
    .slice(0, maxLength * 4)
    .replaceAll(/\p{Cc}+/gu, ' ')
    // What is not seen and read all the same: no width, other directions, tags.
    .replaceAll(/[\p{Cf}\p{Co}\p{Cs}]+/gu, '');
  for (const [pattern, replacement] of SECRETS) clean = clean.replaceAll(pattern, replacement);
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength - 3)}...`;
}
