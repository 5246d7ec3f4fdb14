import { describe, expect, it } from 'vitest';
import { maskedTokens } from './mask.ts';

const masked = (line: string) => maskedTokens(line).join(' ');

describe('what is masked in a log line', () => {
  it.each([
    ['numbers, signs and decimals', 'took 12 of -3.5', 'took <*> of <*>'],
    ['a number with its unit, glued or apart', 'used 93.0 KB, 5ms and 70%', 'used <*>, <*> and <*>'],
    [
      'addresses',
      'from 10.251.73.220:50010 via /10.1.0.0/16 at 2607:f140:400:a01b:c6b3:1ff:fecd:467f',
      'from <*> via <*> at <*>',
    ],
    ['hosts', 'to web-7.shop.example.com and 5.36.59.76.dsl.example.net', 'to <*> and <*>'],
    [
      'times',
      'at 2026-02-03T04:05:06.789Z, 04:05:06,123 and Fri Jun 17 07:07:00 2005',
      'at <*>, <*> and <*>',
    ],
    ['identifiers', 'of blk_-3886504906413 and 0x7f3a and 9f86d081884c7d65', 'of <*> and <*> and <*>'],
    ['a UUID', 'id=3d594650-3436-11e5-bf8a-9d1b0f1f2f3f done', 'id=<*> done'],
    [
      'paths and URLs',
      'open /var/lib/x.db, C:\\Windows\\a.dll or https://a.example/b?c=1',
      'open <*>, <*> or <*>',
    ],
    ['an e-mail address', 'mail to jo@example.com', 'mail to <*>'],
    ['values beside punctuation', 'uid=0 [id 7] (5)', 'uid=<*> [id <*>] (<*>)'],
  ])('%s', (_, line, expected) => {
    expect(masked(line)).toBe(expected);
  });

  it('is no word, whatever its letters', () => {
    const line = 'Deadbeef added a cafe: IPv4 wl0 mod_jk org.apache.Task either/or v2';
    expect(masked(line)).toBe(line);
  });

  it('counts a list once, however long', () => {
    expect(masked('delete 1 2 3')).toBe(masked('delete 17'));
  });

  it('is a word that is too long to be one', () => {
    expect(masked(`body ${'a'.repeat(500)}`)).toBe('body <*>');
  });

  it('takes no account of the colours of a terminal', () => {
    expect(masked('\u001b[31merror\u001b[0m at 5')).toBe('error at <*>');
  });

  it.each(['1', '_1', 'a.1', '1-', '/a', '0:', 'a@b.', 'Mon ', '\\', '1_-'])(
    'does not hang on 16 KiB of "%s"',
    (piece) => {
      expect(maskedTokens(`${piece.repeat(16_384 / piece.length)}!`).length).toBeLessThanOrEqual(256);
    },
  );
});
