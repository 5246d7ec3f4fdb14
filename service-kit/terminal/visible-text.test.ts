import fc from 'fast-check';
import { expect, it } from 'vitest';
import { oneLine, oneLineTexts, visibleText } from './visible-text.ts';

it.each([
  ['a window title', 'a\u001b]0;evil\u0007b', 'a␛]0;evil␇b'],
  ['a cleared screen', '\u001b[2J\u001bc', '␛[2J␛c'],
  ['a cleared screen in one byte', '\u009b2J', '\\u009b2J'],
  ['the beginning of the line', 'bad\rgood', 'bad␍good'],
  ['deletions', 'bad\b\b\b\u007f', 'bad␈␈␈␡'],
  ['another direction', 'user\u202etxt.exe', 'user\\u202etxt.exe'],
])('%s stands there and does nothing', (_what, text, shown) => {
  expect(visibleText(text)).toBe(shown);
  expect(oneLine(text)).toBe(shown);
});

it('lines and tabs of a text stay, and every script', () => {
  const text = 'größe\t日本語 עברית 🚀\nnext';
  expect(visibleText(text)).toBe(text);
});

it('a value in a line begins no other one', () => {
  expect(oneLine('paid\nFAILED: everything\u2028x')).toBe('paid␊FAILED: everything\\u2028x');
  const told = { 'a\n': ['b\u001b', { c: 'd\r' }], n: 1, none: undefined };
  expect(oneLineTexts(told)).toEqual({ 'a␊': ['b␛', { c: 'd␍' }], n: 1, none: undefined });
});

it('JSON says the same when it was printed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const printed = visibleText(JSON.stringify({ text }));
      expect(JSON.parse(printed)).toEqual({ text });
      expect(printed).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
