import { describe, expect, test } from 'vitest';
import { InputError, parseCsvInput } from './csv-input.ts';
import { inferStepSeconds, parseTimestamp } from './samples.ts';

describe('a CSV input', () => {
  test('gives a row for each line, in order, whatever the order of columns', () => {
    expect(
      parseCsvInput('value,host,timestamp\r\n1.5,a,2014-04-01 00:00:00\r\n2,b,2014-04-01 00:05:00\r\n', 'x'),
    ).toEqual([
      {
        line: 2,
        text: ['2014-04-01 00:00:00', '1.5'],
        sample: { timestampSeconds: 1_396_310_400, value: 1.5 },
      },
      { line: 3, text: ['2014-04-01 00:05:00', '2'], sample: { timestampSeconds: 1_396_310_700, value: 2 } },
    ]);
  });

  test.each([
    ['tomorrow,1', 'timestamp: expected ISO 8601 or Unix seconds, got "tomorrow"'],
    ['0,one', 'value: expected a number, got "one"'],
    ['0,', 'value: expected a number, got ""'],
    ['0', 'expected a timestamp and a value, got fewer columns'],
  ])('keeps the row %j and says what is wrong with it', (line, problem) => {
    const rows = parseCsvInput(`timestamp,value\n60,1\n${line}\n120,2\n`, 'x');
    expect(rows.map((row) => row.line)).toEqual([2, 3, 4]);
    const row = rows[1]!;
    expect('problem' in row && row.problem).toBe(problem);
  });

  test('leaves not-a-number and infinities to the model, which rejects them by name', () => {
    const rows = parseCsvInput('timestamp,value\n0,NaN\n60,+Inf\n120,-inf\n', 'x');
    expect(rows.map((row) => ('sample' in row ? row.sample.value : undefined))).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  test('says how many events a value is a share of, where a column does', () => {
    const rows = parseCsvInput('timestamp,value,events\n0,0.5,2\n60,0.5,\n120,0.5,two\n', 'in.csv');
    expect(rows.map((row) => ('sample' in row ? row.sample.events : row.problem))).toEqual([
      2,
      Number.NaN,
      'events: expected a number, got "two"',
    ]);
    expect(parseCsvInput('timestamp,value\n0,1\n', 'in.csv')[0]).toEqual({
      line: 2,
      text: ['0', '1'],
      sample: { timestampSeconds: 0, value: 1 },
    });
  });

  test('reads quoted fields', () => {
    const rows = parseCsvInput('timestamp,note,value\n"0","a, ""b""",3\n', 'x');
    expect(rows[0]).toMatchObject({ sample: { timestampSeconds: 0, value: 3 } });
  });

  test('may break a line within quotes; the row is the one on which it ends', () => {
    const rows = parseCsvInput('timestamp,note,value\n0,"two\nlines",3\n60,,4\n', 'x');
    expect(rows.map(({ line, text }) => [line, ...text])).toEqual([
      [3, '0', '3'],
      [4, '60', '4'],
    ]);
  });

  test('with a quote that is never closed is refused', () => {
    expect(() => parseCsvInput('timestamp,value\n0,"1\n60,2\n', 'in.csv')).toThrow(
      'in.csv: a quote is opened and never closed',
    );
  });

  test('without a header is refused', () => {
    expect(() => parseCsvInput('1,2\n3,4\n', 'in.csv')).toThrow(InputError);
    expect(() => parseCsvInput('', 'in.csv')).toThrow(
      /in\.csv: line 1 must name the columns timestamp and value/,
    );
  });
});

test.each([
  ['2014-04-01 00:05:00', 1_396_310_700],
  ['2014-04-01 00:05:00.000000', 1_396_310_700],
  ['2014-04-01T02:05:00+02:00', 1_396_310_700],
  ['2014-04-01T00:05:00Z', 1_396_310_700],
  ['1396310700', 1_396_310_700],
  ['1396310700.5', 1_396_310_700.5],
  ['1396310700000', 1_396_310_700],
  ['01/04/2014', undefined],
  ['', undefined],
])('the moment %j is %d', (text, expected) => {
  expect(parseTimestamp(text)).toBe(expected);
});

test('the step is the median distance, undisturbed by gaps, duplicates and rows that cannot be read', () => {
  const rows = parseCsvInput('timestamp,value\n0,1\n60,1\n60,1\nx,1\n120,1\n900,1\n960,1\n1020,1\n', 'x');
  expect(inferStepSeconds(rows)).toBe(60);
  expect(inferStepSeconds(parseCsvInput('timestamp,value\n0,1\n', 'x'))).toBeUndefined();
});
