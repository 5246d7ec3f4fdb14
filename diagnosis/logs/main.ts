/** `npm run -s logs -- patterns`: which lines recur, which of them are new and which have become more. */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { platformAddresses } from '@aiops-sre/service-kit/platform/addresses.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { readPatterns } from './pattern-api.ts';
import { rankTemplates } from './templates.ts';

const USAGE = `npm run -s logs -- patterns [--minutes 30] [--service NAME] [--limit 40] [--json]
  Templates of recurring lines, new ones first, then rising ones. LOKI_URL asks another Loki.`;

async function patterns(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      minutes: { type: 'string', default: '30' },
      service: { type: 'string' },
      limit: { type: 'string', default: '40' },
      json: { type: 'boolean', default: false },
    },
  });
  const positive = (name: 'minutes' | 'limit') => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name}: expected a number above 0, got ${values[name]}`);
    return value;
  };
  const windowSeconds = positive('minutes') * 60;
  const limit = positive('limit');
  const untilSeconds = Math.floor(Date.now() / 1000);
  const root = join(import.meta.dirname, '..', '..');
  const { lokiUrl } = platformAddresses(root, process.env);
  const found = await readPatterns({
    lokiUrl,
    fromSeconds: untilSeconds - 2 * windowSeconds,
    untilSeconds,
    service: values.service,
  });
  const ranked = rankTemplates(found, { untilSeconds, windowSeconds });
  if (values.json) {
    print(JSON.stringify(ranked, undefined, 2));
    return;
  }
  if (ranked.length === 0) {
    print('No template has had 30 lines yet: Loki tells a template from then on.');
    return;
  }
  const table = plainTable(['service', 'severity', 'lines', 'before', 'change', 'template']);
  for (const { service, level, lines, before, change, template } of ranked.slice(0, limit))
    table.push([service, level, `${lines}`, `${before}`, change === 'steady' ? '' : change, template]);
  print(table.toString());
  const left = ranked.length - limit;
  print(
    `\nLines in the last ${values.minutes} min, and in as much time before.${left > 0 ? ` ${left} more templates: --limit ${ranked.length}.` : ''}`,
  );
}

try {
  if (process.argv[2] === 'patterns') await patterns();
  else {
    printError(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  printError(`logs: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
