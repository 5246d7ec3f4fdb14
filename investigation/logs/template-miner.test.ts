import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
import { describe, expect, it } from 'vitest';
import { TemplateMiner } from './template-miner.ts';

/** The template of each line, once all are known. */
function mined(lines: readonly string[], miner = new TemplateMiner()): readonly (string | undefined)[] {
  const shapes = lines.map((line) => miner.add(line));
  const templates = miner.templates();
  return shapes.map((shape) => shape && templates.get(shape));
}

describe('templates', () => {
  it('are there from the first line', () => {
    expect(mined(['pool exhausted after 5000 ms'])).toEqual(['pool exhausted after <*>']);
  });

  it('have a value where more than three words were seen', () => {
    const users = ['ann', 'bob', 'cid', 'dee'];
    const login = (user: string) => `session opened for user ${user} by root`;
    expect(new Set(mined(users.slice(0, 3).map(login))).size).toBe(3);
    expect(new Set(mined(users.map(login)))).toEqual(new Set(['session opened for user <*> by root']));
  });

  it('tell outcomes of one sentence apart', () => {
    expect(new Set(mined(['job 1 started', 'job 2 started', 'job 1 failed', 'job 9 started']))).toEqual(
      new Set(['job <*> started', 'job <*> failed']),
    );
  });

  it('have a value where words differ in a number alone', () => {
    expect(new Set(mined(['node1 is down', 'node2 is down']))).toEqual(new Set(['<*> is down']));
  });

  it('have a value where one of the lines has a recognisable one', () => {
    expect(
      new Set(
        mined([
          'connection from 10.0.0.1 (a.example) closed',
          'connection from 10.0.0.1 () closed',
          'connection from 10.0.0.2 (10.0.0.2) closed',
        ]),
      ),
    ).toEqual(new Set(['connection from <*> <*> closed']));
  });

  it('do not depend on the order of lines', () => {
    const lines = Array.from(
      { length: 300 },
      (_, index) =>
        [
          `GET /a/${index} took ${index} ms`,
          `user u${index % 7} left`,
          `cache ${['hit', 'miss'][index % 2]} for key`,
        ][index % 3] ?? '',
    );
    const templates = mined(lines);
    const template = new Map(lines.map((line, index) => [line, templates[index]]));
    const random = seededRandom(7);
    const other = lines
      .map((line) => ({ line, place: random() }))
      .toSorted((one, two) => one.place - two.place)
      .map(({ line }) => line);
    expect(mined(other)).toEqual(other.map((line) => template.get(line)));
  });

  it('are none of a blank line', () => {
    expect(mined(['', ' \t '])).toEqual([undefined, undefined]);
  });

  it('keep to their bound, and lose what was not seen for longest', () => {
    const miner = new TemplateMiner({ mostShapes: 10 });
    const words = 'abcdefghijklmnopqrstuvwxyz'.split('');
    for (const word of words) {
      miner.add('heartbeat ok');
      miner.add(`${word} ${word} happened`);
    }
    const templates = [...miner.templates().keys()].map(({ tokens }) => tokens.join(' '));
    expect(templates.length).toBeLessThanOrEqual(10);
    expect(templates).toContain('heartbeat ok');
    expect(templates).toContain('z z happened');
    expect(miner.evicted).toBe(words.length + 1 - templates.length);
  });
});
