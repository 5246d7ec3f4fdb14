import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSettings } from './settings.ts';

const DATABASE_URL = 'postgres://shop@127.0.0.1:5433/shop';

describe('parseSettings', () => {
  it('needs no more than a role, and binds to loopback', () => {
    expect(parseSettings({}, 'identity')).toMatchObject({
      role: 'identity',
      host: '127.0.0.1',
      port: 3010,
      instance: 'identity-1',
      adminToken: undefined,
    });
  });

  it('prefers the argument over ROLE, and takes an empty variable for an unset one', () => {
    expect(parseSettings({ ROLE: 'traffic', PORT: '', DATABASE_URL }, 'storefront')).toMatchObject({
      role: 'storefront',
      port: 3000,
    });
  });

  it('reads the list of fulfillment instances', () => {
    const { fulfillmentUrls } = parseSettings(
      { DATABASE_URL, FULFILLMENT_URLS: 'http://a:1/, http://b:2' },
      'storefront',
    );
    expect(fulfillmentUrls).toEqual(['http://a:1', 'http://b:2']);
  });

  it.each([
    [{ PORT: '80.5' }, /PORT: expected a whole number/],
    [{ PORT: '70000' }, /PORT: expected a number from 0 to 65535, got "70000"/],
    [{ FAILURE_FACTOR: '1.5' }, /FAILURE_FACTOR.*1\.5/],
    [{ FAILURE_CYCLES: 'maybe' }, /FAILURE_CYCLES/],
    [{ IDENTITY_URL: 'file:///etc/passwd' }, /IDENTITY_URL.*http/],
    [{ FULFILLMENT_URLS: 'http://a,nonsense' }, /FULFILLMENT_URLS\.1.*http/],
    [{ TRAFFIC_TIME_ZONE: 'Mars/Base' }, /TRAFFIC_TIME_ZONE.*Mars/],
    [{ INSTANCE: 'two words' }, /INSTANCE/],
    [{ DATABASE_URL: 'mysql://shop@localhost/shop' }, /DATABASE_URL: expected .*postgres:/],
    [{ DATABASE_URL: 'postgres://shop@localhost' }, /DATABASE_URL: expected .*such as/],
    [
      { DATABASE_URL: 'postgres://shop:secret@localhost/shop' },
      /DATABASE_URL: expected .*DATABASE_PASSWORD_FILE/,
    ],
    [{ DATABASE_POOL_MAX: '0' }, /DATABASE_POOL_MAX: expected a number from 1 to 100/],
    [{ DATABASE_URL: '' }, /DATABASE_URL: expected the address of a PostgreSQL database.*role is storefront/],
    [{ TELEMETRY: 'none' }, /TELEMETRY: expected stock, lean, got "none"/],
  ])('refuses %o and names the variable', (environment, message) => {
    expect(() => parseSettings({ DATABASE_URL, ...environment }, 'storefront')).toThrow(message);
  });

  it('takes the version that a deployment left, where there is one', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'version-')), 'version');
    const read = () =>
      parseSettings({ SERVICE_VERSION: '1.0.0', SERVICE_VERSION_FILE: file }, 'identity').version;
    expect(read()).toBe('1.0.0');
    writeFileSync(file, '1.1.0\n');
    expect(read()).toBe('1.1.0');
    writeFileSync(file, 'two words\n');
    expect(read).toThrow(`SERVICE_VERSION_FILE: ${file}: expected 1 to 128`);
  });

  it('refuses an unknown role and says which there are', () => {
    expect(() => parseSettings({}, 'warehouse')).toThrow(/ROLE.*storefront.*got "warehouse"/);
  });

  it('reads a token from a file, and says which one it cannot read', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'token-')), 'token');
    writeFileSync(file, 'token-from-a-file\n');
    expect(parseSettings({ ADMIN_TOKEN_FILE: file }, 'identity').adminToken).toBe('token-from-a-file');
    expect(parseSettings({ RESTART_TOKEN_FILE: file }, 'identity').restartToken).toBe('token-from-a-file');
    expect(() => parseSettings({ ADMIN_TOKEN_FILE: `${file}x` }, 'storefront')).toThrow(
      `ADMIN_TOKEN_FILE: cannot read ${file}x`,
    );
  });

  it.each(['ADMIN_TOKEN', 'RESTART_TOKEN'])('refuses a short %s, and does not repeat it', (name) => {
    const start = () => parseSettings({ [name]: 'fifteen-letters' }, 'storefront');
    expect(start).toThrow(`${name}: expected at least 16 characters without spaces, got 15 characters`);
    expect(start).not.toThrow('fifteen-letters');
  });
});
