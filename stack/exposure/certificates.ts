import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** PEM texts. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const AUTHORITY_DAYS = 3650;
/** The longest that all common clients accept of a private authority. */
const SERVER_DAYS = 825;

const AUTHORITY_EXTENSIONS = `
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`;

/** Runs openssl in a folder of its own, which keys do not outlive. */
async function inScratchFolder<T>(
  use: (folder: string, openssl: (...args: string[]) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  try {
    return await use(folder, (...args) => execa('openssl', args, { cwd: folder, timeout: 30_000 }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error('no openssl command, which makes the certificates; install it, or give --certificate', {
        cause: error,
      });
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function newKey(openssl: (...args: string[]) => Promise<unknown>): Promise<void> {
  await openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'key.pem');
}

/** An authority of one's own, which may sign servers and nothing below it. */
export function makeAuthority(name: string): Promise<KeyPair> {
  return inScratchFolder(async (folder, openssl) => {
    writeFileSync(join(folder, 'extensions'), AUTHORITY_EXTENSIONS);
    await newKey(openssl);
    await openssl('req', '-new', '-key', 'key.pem', '-subj', `/CN=${name}`, '-out', 'request.pem');
    await openssl(
      ...['x509', '-req', '-in', 'request.pem', '-signkey', 'key.pem', '-sha256'],
      ...['-days', String(AUTHORITY_DAYS), '-extfile', 'extensions', '-out', 'certificate.pem'],
    );
    return readPair(folder);
  });
}

/** A server's certificate for these host names and addresses (RFC 5280 section 4.2.1.6), signed by `authority`. */
export function makeServerCertificate(hosts: readonly string[], authority: KeyPair): Promise<KeyPair> {
  return inScratchFolder(async (folder, openssl) => {
    const names = hosts.map((host) => `${isIP(host) ? 'IP' : 'DNS'}:${host}`).join(', ');
    writeFileSync(
      join(folder, 'extensions'),
      `basicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature\nextendedKeyUsage = serverAuth\nsubjectAltName = ${names}\n`,
    );
    writeFileSync(join(folder, 'authority.pem'), authority.certificate);
    writeFileSync(join(folder, 'authority-key.pem'), authority.key, { mode: 0o600 });
    await newKey(openssl);
    await openssl('req', '-new', '-key', 'key.pem', '-subj', `/CN=${hosts[0]}`, '-out', 'request.pem');
    await openssl(
      ...[
        'x509',
        '-req',
        '-in',
        'request.pem',
        '-CA',
        'authority.pem',
        '-CAkey',
        'authority-key.pem',
        '-sha256',
      ],
      ...[
        '-CAcreateserial',
        '-days',
        String(SERVER_DAYS),
        '-extfile',
        'extensions',
        '-out',
        'certificate.pem',
      ],
    );
    return readPair(folder);
  });
}

function readPair(folder: string): KeyPair {
  return {
    certificate: readFileSync(join(folder, 'certificate.pem'), 'utf8'),
    key: readFileSync(join(folder, 'key.pem'), 'utf8'),
  };
}
