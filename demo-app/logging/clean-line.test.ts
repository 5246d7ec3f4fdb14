import { describe, expect, it } from 'vitest';
import { cleanLine } from './clean-line.ts';

const clean = (entry: unknown) => {
  const line = cleanLine(`${JSON.stringify(entry)}\n`);
  expect(line.indexOf('\n')).toBe(line.length - 1);
  return JSON.parse(line) as Record<string, unknown>;
};

describe('a line of the log', () => {
  it('without anything secret is left as it is', () => {
    const line = '{"level":"info","route":"/api/token-checks","msg":"GET /api/users answered 200 ok"}\n';
    expect(cleanLine(line)).toBe(line);
  });

  it('that only speaks of such things keeps its words', () => {
    const fields = {
      msg: 'basics of token checks, token_count 3',
      token_count: 3,
      tokenizer: 'plain',
      keys: 'a',
    };
    expect(clean({ level: 'info', ...fields })).toMatchObject(fields);
  });

  it.each([
    { authorization: 's3cret' },
    { 'proxy-authorization': 's3cret' },
    { 'Set-Cookie': ['session=s3cret'] },
    { accessToken: 's3cret' },
    { user: { refresh_token: 's3cret' } },
    { database: { deeply: { nested: [{ password: 's3cret' }] } } },
    { api_key: 's3cret' },
    { email: 's3cret' },
    { headers: { 'x-whatever': 's3cret' } },
    { body: { card: 's3cret' } },
    { msg: 'sent Authorization: Bearer s3cret' },
    { error: { message: 'rejected eyJhbGciOiJIUzI1NiJ9.s3cret.x' } },
    { reason: 'no such user: s3cret@example.com' },
    { msg: 'sent Authorization: Basic s3cretQ==' },
    { msg: 'login failed: Basic s3cretQ==' },
    { msg: 'cannot connect with user=shop password=s3cret host=db' },
    { msg: 'password: s3cret' },
    { url: '/callback?access_token=s3cret&state=1' },
    { url: 'https://shop.example/?api_key=s3cret' },
    { error: { message: '{"client_secret":"s3cret","x":1}' } },
    { msg: 'postgres://shop:s3cret@db/shop' },
    { tokens: ['s3cret'] },
    { privateKey: 's3cret' },
    { private_key: 's3cret' },
    { credentials: { user: 's3cret' } },
    { msg: '-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----' },
  ])('has no secret: %j', (fields) => {
    const entry = clean({ level: 'info', ...fields, kept: 'fine' });
    expect(JSON.stringify(entry)).not.toContain('s3cret');
    expect(JSON.stringify(entry)).toContain('[redacted]');
    expect(entry).toMatchObject({ level: 'info', kept: 'fine' });
  });

  it('with a megabyte of text keeps its beginning and says how long it was', () => {
    const entry = clean({ level: 'info', msg: 'x'.repeat(1_000_000), route: '/' });
    expect(entry).toMatchObject({ level: 'info', route: '/' });
    expect(entry.msg).toMatch(/^x{2048}\.\.\.$/);
    expect(entry.truncated_from).toBeGreaterThan(1_000_000);
  });

  it('with more fields than fit keeps what says whose it is', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`field${n}`, 'y'.repeat(2_000)]));
    const entry = clean({ level: 'warn', service: 'storefront', trace_id: 't', ...many, msg: 'hello' });
    expect(entry).toMatchObject({ level: 'warn', service: 'storefront', trace_id: 't' });
    expect(JSON.stringify(entry).length).toBeLessThanOrEqual(16_384);
    expect(entry.truncated_from).toBeGreaterThan(1_000_000);
  });

  it('is cut between characters, not within one', () => {
    const { msg } = clean({ msg: `x${'\u{1F600}'.repeat(20_000)}` });
    expect((msg as string).isWellFormed()).toBe(true);
  });
});
