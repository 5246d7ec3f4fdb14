/** `node incident-responder/audit/main.ts verify [--data DIR] [--head HASH]`: whether the audit log's hash chain holds. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { AuditLog } from './audit-log.ts';

const USAGE =
  'usage: node incident-responder/audit/main.ts verify [--data FOLDER] [--head HASH]\n\nFOLDER is where incident-responder.sqlite is; HASH, of an entry noted elsewhere, shows whether the end was cut off.';

function run(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: join(import.meta.dirname, '..', '..', '.data', 'incident-responder') },
      head: { type: 'string' },
    },
  });
  if (positionals.length !== 1 || positionals[0] !== 'verify') throw new Error('expected: verify');
  const file = join(resolve(values.data), 'incident-responder.sqlite');
  if (!existsSync(file)) {
    printError(`${file}: not there`);
    return 2;
  }
  const database = new DatabaseSync(file, { readOnly: true });
  const verdict = new AuditLog({ database }).verify(values.head);
  database.close();
  if (verdict.intact) print(`intact: ${verdict.entries} entries, head ${verdict.head}`);
  else print(`BROKEN at entry ${verdict.sequence}: ${verdict.problem}`);
  return verdict.intact ? 0 : 1;
}

try {
  process.exitCode = run();
} catch (error) {
  printError(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
}
