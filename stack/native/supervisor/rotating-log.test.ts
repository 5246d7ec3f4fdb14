import { mkdtempSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RotatingLog } from './rotating-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotating-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('begins anew when it is full, for a process that holds it open, too', () => {
  const file = join(folder, 'a.log');
  const log = new RotatingLog(file, 10);
  log.withDescriptor((descriptor) => {
    writeSync(descriptor, 'short\n');
    log.rotateIfFull();
    expect(statSync(file).size).toBe(6);
    writeSync(descriptor, 'and full\n');
    log.rotateIfFull();
    writeSync(descriptor, 'new\n');
  });
  expect(readFileSync(file, 'utf8')).toBe('new\n');
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('short\nand full\n');
});

it('has nothing to do before anything was written', () => {
  expect(() => new RotatingLog(join(folder, 'none.log')).rotateIfFull()).not.toThrow();
});
