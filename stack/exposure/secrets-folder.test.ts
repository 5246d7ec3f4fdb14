import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KeyPair, makeAuthority, makeServerCertificate } from './certificates.ts';
import { writeSecretsFolder } from './secrets-folder.ts';

const scratch = mkdtempSync(join(tmpdir(), 'secrets-folder-'));
const folder = join(scratch, 'expose');
const read = (name: string) => readFileSync(join(folder, name), 'utf8').trim();
const write = (host: string, own?: KeyPair) =>
  writeSecretsFolder({ folder, host, now: new Date(), bcryptCost: 4, ...(own && { own }) });

beforeAll(() => write('platform.example.com'));
afterAll(() => rmSync(scratch, { recursive: true }));

describe('the folder of secrets for exposure', () => {
  test('has certificates that its authority signed, for the host and for the components', () => {
    const authority = new X509Certificate(read('platform-ca'));
    const door = new X509Certificate(read('expose-certificate'));
    expect(door.checkIssued(authority) && door.verify(authority.publicKey)).toBe(true);
    expect(door.checkHost('platform.example.com')).toBe('platform.example.com');
    expect(door.checkHost('prometheus')).toBeUndefined();
    const platform = new X509Certificate(read('platform-certificate'));
    expect(platform.checkHost('alertmanager')).toBe('alertmanager');
    expect(platform.ca).toBe(false);
  });

  test('holds hashes of its passwords where a server reads them', async () => {
    const [user, hash] = read('expose-users').split(' ');
    expect(user).toBe('operator');
    expect(await compare(read('operator-password'), hash ?? '')).toBe(true);
    expect(read('web-configuration')).not.toContain(read('platform-password'));
  });

  test('is closed to others, and so is what no container reads', () => {
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect(mode(folder)).toBe(0o700);
    for (const name of ['authority-key', 'operator-password'])
      expect(mode(join(folder, name)), name).toBe(0o600);
  });

  test('keeps passwords and authority when written again, and renews certificates', async () => {
    const before = ['operator-password', 'platform-ca', 'expose-certificate'].map(read);
    await write('platform.example.com');
    const after = ['operator-password', 'platform-ca', 'expose-certificate'].map(read);
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).not.toBe(before[2]);
  });

  test('takes a certificate of its user', async () => {
    const own = await makeServerCertificate(['other.example.com'], await makeAuthority('theirs'));
    await write('other.example.com', own);
    expect(read('expose-certificate')).toBe(own.certificate.trim());
    expect(read('expose.env')).toContain('EXPOSE_HOST=other.example.com');
  });

  test('refuses a certificate for another host, one that has expired, and one of another key', async () => {
    const authority = await makeAuthority('theirs');
    const own = await makeServerCertificate(['other.example.com'], authority);
    const elsewhere = join(scratch, 'elsewhere');
    const refused = (host: string, now: Date, pair: KeyPair) =>
      expect(writeSecretsFolder({ folder: elsewhere, host, now, own: pair }));
    await refused('platform.example.com', new Date(), own).rejects.toThrow(
      /DNS:other.example.com, expected platform/,
    );
    await refused('other.example.com', new Date('2099-01-01'), own).rejects.toThrow(/is valid from/);
    await refused('other.example.com', new Date(), { ...own, key: authority.key }).rejects.toThrow(
      /does not belong/,
    );
    expect(existsSync(elsewhere)).toBe(false);
  });
});
