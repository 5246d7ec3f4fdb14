import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';

const module = JSON.stringify(join(import.meta.dirname, 'test-postgres.ts'));

const isOpen = (port: number) =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => resolve(true));
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
  });

it('a server is gone, and its folder, soon after whoever started it was killed', async () => {
  const program = `
    const { home, port } = await (await import(${module})).startTestPostgres();
    console.log(JSON.stringify({ home, port }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const { home, port } = JSON.parse(String(line));
  expect(await isOpen(port)).toBe(true);

  child.kill('SIGKILL');

  await vi.waitFor(async () => expect(await isOpen(port)).toBe(false), { timeout: 10_000 });
  await vi.waitFor(() => expect(existsSync(home)).toBe(false), { timeout: 10_000 });
}, 60_000);
