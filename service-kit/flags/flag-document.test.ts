import { describe, expect, it } from 'vitest';
import { readFlagDocument, withDefaultVariant } from './flag-document.ts';

const onOff = { state: 'ENABLED', variants: { on: true, off: false } };
const cart = { ...onOff, defaultVariant: 'off', metadata: { service: 'shop' } };
const read = (document: unknown) => readFlagDocument(JSON.stringify(document)).flags;

describe('a flag document', () => {
  it.each([
    ['without a default variant', onOff],
    ['with a default variant of null', { ...onOff, defaultVariant: null }],
  ])("keeps its other flags beside one %s, which is the application's own default", (_case, flag) => {
    const flags = read({ flags: { cart, 'new-search': flag } });
    expect(flags.get('cart')).toMatchObject({ variant: 'off', value: 'false', service: 'shop' });
    expect(flags.get('new-search')).toMatchObject({ variant: null, because: 'no default variant' });
  });

  it('says of a disabled flag that no variant counts, whatever its default', () => {
    expect(
      read({ flags: { cart: { ...cart, state: 'DISABLED', defaultVariant: 'on' } } }).get('cart'),
    ).toMatchObject({
      variant: null,
      because: 'disabled',
    });
  });

  it('says what targeting gives, and that it does', () => {
    const flags = read({ flags: { cart: { ...cart, targeting: { if: [true, 'on', null] } } } });
    expect(flags.get('cart')).toMatchObject({ variant: 'on', because: 'targeting' });
    expect(flags.get('cart')?.targeting).toContain('if');
  });

  it('takes shared evaluators, and the default where they do not match', () => {
    const targeting = { if: [{ $ref: 'staff' }, 'on', null] };
    const $evaluators = { staff: { ends_with: [{ var: 'email' }, '@example.org'] } };
    const document = { flags: { cart: { ...cart, targeting } }, $evaluators };
    expect(read(document).get('cart')).toMatchObject({ variant: 'off', because: 'default variant' });
    const { core } = readFlagDocument(JSON.stringify(document));
    expect(core.resolveBooleanEvaluation('cart', false, { email: 'a@example.org' }).value).toBe(true);
  });

  it('may be a list, whose flags have keys', () => {
    expect([...read({ flags: [{ key: 'cart', ...cart }] }).keys()]).toEqual(['cart']);
  });

  it.each([
    ['of another kind', { rules: [] }, /at flags/],
    ['whose default is no variant', { flags: { cart: { ...cart, defaultVariant: 'gone' } } }, /gone/],
    ['that lists a flag without a key', { flags: [cart] }, /key/],
  ])('%s is refused, in words', (_case, document, problem) => {
    expect(() => read(document)).toThrow(problem);
  });
});

describe('another default variant', () => {
  const text = JSON.stringify({ flags: { cart, other: cart }, $evaluators: { a: {} }, extra: 1 });

  it('changes nothing else, in a list too', () => {
    expect(JSON.parse(withDefaultVariant(text, 'cart', 'on'))).toEqual({
      ...JSON.parse(text),
      flags: { cart: { ...cart, defaultVariant: 'on' }, other: cart },
    });
    expect(
      JSON.parse(withDefaultVariant(JSON.stringify({ flags: [{ key: 'cart', ...cart }] }), 'cart', 'on')),
    ).toEqual({ flags: [{ key: 'cart', ...cart, defaultVariant: 'on' }] });
  });

  it('may be none', () => {
    expect(readFlagDocument(withDefaultVariant(text, 'cart', null)).flags.get('cart')?.variant).toBeNull();
  });

  it('is one of those there are, of a flag that is there', () => {
    expect(() => withDefaultVariant(text, 'cart', 'blue')).toThrow('expected one of on, off, got blue');
    expect(() => withDefaultVariant(text, 'toString', 'on')).toThrow('flag toString: not there');
  });
});
