import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const options = { cwd: root, encoding: 'utf8' } as const;
const ONE_WAY = 'service-kit/terminal/';

/** Biome refuses `console`; this is the other way round what stands before a terminal. */
test('every command writes to the terminal by service-kit/terminal', () => {
  const files = execFileSync('git', ['ls-files', '*.ts'], options).split('\n');
  const writing = files.filter(
    (file) =>
      file &&
      existsSync(join(root, file)) &&
      !file.startsWith(ONE_WAY) &&
      !file.endsWith('terminal-output.test.ts') &&
      /process\.std(out|err)\.write\(/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(writing).toEqual([]);
});
