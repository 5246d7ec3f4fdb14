/** Writes the pictures of README.md from their texts in docs/pictures; --check tells what is stale. */

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { architecturePicture } from './architecture.ts';
import { terminalPicture } from './terminal.ts';

const folder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'docs', 'pictures');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

const pictures = {
  'architecture.generated.svg': await architecturePicture(
    read('architecture.dot'),
    'The components and what flows between them',
  ),
  'terminal.generated.svg': terminalPicture(read('terminal.txt'), 'npm start and npm run status'),
};
for (const [name, picture] of Object.entries(pictures)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(join(folder, name), picture);
  } else if (read(name) !== picture) {
    printError(`docs/pictures/${name} is not what its text makes; run npm run generate and commit it`);
    process.exitCode = 1;
  }
}
