import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

describe('redaction', () => {
  it.each([
    ['Authorization: Bearer abc.def-ghi', 'abc.def-ghi'],
    ['api_key="s3cr3t"', 's3cr3t'],
    ['postgres://shop:hunter2@db/shop', 'hunter2'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'eyJ'],
    ['card 4111 1111 1111 1111 declined', '4111'],
    ['from ada.l@example.co.uk at 192.168.1.17', 'ada'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE', 'MIIE'],
    ['privateKey: s3cretkey', 's3cretkey'],
    ['GET /callback?access_token=s3cret&x=1', 's3cret'],
    ['Authorization: Basic c2hvcDpodW50ZXIy', 'c2hvcDpodW50ZXIy'],
    ['ghp_0123456789abcdefghij', '0123456789'],
  ])('takes the secret out of %s', (text, secret) => {
    expect(redact(text, 200)).not.toContain(secret);
  });

  it('leaves what an incident is about, without control characters, within its length', () => {
    expect(redact('p95 of identity is 0.92 s, expected 0.17 s', 200)).toBe(
      'p95 of identity is 0.92 s, expected 0.17 s',
    );
    expect(redact('a\u001b[31m\nb', 200)).toBe('a [31m b');
    expect(redact('x'.repeat(1_000_000), 50)).toHaveLength(50);
  });
});
