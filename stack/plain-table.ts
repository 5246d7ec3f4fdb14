import { oneLine } from '@aiops-sre/service-kit/terminal/visible-text.ts';
import Table from 'cli-table3';

const BORDERS = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
];
const RULES = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];

/** A table of columns and nothing else, as every command prints it. What is in a cell begins no other line. */
export function plainTable(head: readonly string[]): {
  push(...rows: readonly string[][]): void;
  toString(): string;
} {
  const table = new Table({
    head: [...head],
    chars: { ...Object.fromEntries([...BORDERS, ...RULES].map((name) => [name, ''])), middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  return {
    push: (...rows) => void table.push(...rows.map((row) => row.map(oneLine))),
    toString: () => table.toString(),
  };
}
