import { z } from 'zod';

/** What the machine itself and the API are called in the audit log, without what is not a letter. */
const RESERVED = new Set(['responder', 'incidentresponder', 'operator', 'assistant']);

/** Letters of one writing system. The last one is Japanese and Korean, which mix several (UTS 39, 5.2). */
const SCRIPTS = [
  ...[
    'Latin',
    'Cyrillic',
    'Greek',
    'Armenian',
    'Georgian',
    'Hebrew',
    'Arabic',
    'Ethiopic',
    'Thai',
    'Lao',
    'Khmer',
  ],
  ...[
    'Devanagari',
    'Bengali',
    'Gurmukhi',
    'Gujarati',
    'Tamil',
    'Telugu',
    'Kannada',
    'Malayalam',
    'Sinhala',
    'Myanmar',
  ],
].map((script) => new RegExp(`^[\\p{Script_Extensions=${script}}\\P{L}]*$`, 'u'));
SCRIPTS.push(/^[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Hangul}\P{L}]*$/u);

/** Characters that look like a letter of a reserved name, in any script a name may have (UTS 39, confusables.txt). */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'аαɑ',
  c: 'сϲƈᴄ',
  d: 'ԁɗđðժᴅ',
  e: 'еєҽεɛҿ3',
  i: 'іιıɩӏl1|ի',
  n: 'пոռηνղɴŋɲŉ',
  o: 'оοσօоøɵөᴏ0',
  p: 'рρϱᴩƿþ',
  r: 'гɾʀᴦɼɽꭇꭈяґѓ',
  s: 'ѕꜱƽʂ5',
  t: 'тτᴛŧ',
};
const LETTER_OF = new Map(
  Object.entries(LOOKALIKES).flatMap(([letter, like]) => [...like].map((each) => [each, letter] as const)),
);

/** The name as it looks: without marks, case, spaces and punctuation, each letter as the Latin one it is taken for. */
const skeleton = (name: string) =>
  [...name.normalize('NFKD').toLowerCase()]
    .map((each) => LETTER_OF.get(each) ?? each)
    .filter((each) => /[\p{L}\p{N}]/u.test(each))
    .join('');

/**
 * What a person is called in timeline and audit log: NFKC, 1 to 40 letters and digits of one writing system, and nothing
 * that could be read as the machine.
 */
export const operatorName = z
  .string()
  .transform((name) => name.normalize('NFKC').trim())
  .pipe(
    z
      .string()
      .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._'@-]{0,39}$/u)
      // Letters that are not seen, such as the Hangul filler.
      .refine((name) => !/\p{Default_Ignorable_Code_Point}/u.test(name))
      .refine((name) => SCRIPTS.some((script) => script.test(name)))
      .refine((name) => !RESERVED.has(skeleton(name))),
  );
