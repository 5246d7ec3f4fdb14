import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** Users of the server; `postgres/database.sql` makes them. */
export type DatabaseRole = 'shop' | 'monitor';

const ITERATIONS = 4096;

/**
 * What PostgreSQL keeps of a password (RFC 5803, pg_authid.rolpassword): nobody can log in with it.
 *
 * @param password of full entropy: its salt is made of it, so that the same password gives the same text.
 */
function scramVerifier(role: DatabaseRole, password: string): string {
  const salt = createHash('sha256').update(`${role}:${password}`).digest().subarray(0, 16);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${hmac('Server Key').toString('base64')}`;
}

/** A file that `postgres/start.sh` gives a role its password from, by name. */
export const roleFile = (role: DatabaseRole, password: string): Readonly<Record<string, string>> => ({
  [`${role}.sql`]: `ALTER ROLE ${role} PASSWORD '${scramVerifier(role, password)}';\n`,
});
