import { expect, it } from 'vitest';
import { operatorName } from './operator-name.ts';

const isTaken = (name: string) => operatorName.safeParse(name).success;

it.each([
  'Ada',
  "Grace O'Neil",
  'Jürgen',
  'J\u0075\u0308rgen',
  'Ольга',
  'Μαρία',
  '山田さくら',
  '김철수',
  'on-call 2',
  'ada@x.org',
])('takes %s', (name) => expect(isTaken(name)).toBe(true));

it.each([
  ['itself', 'responder'],
  ['in capitals', ' RESPONDER '],
  ['in full width', 'ｒｅｓｐｏｎｄｅｒ'],
  ['in mathematical letters', '𝐫𝐞𝐬𝐩𝐨𝐧𝐝𝐞𝐫'],
  ['with one Cyrillic letter', 'r\u0435sponder'],
  ['in Cyrillic alone', 'г\u0435\u0455\u0440\u043eп\u0501\u0435г'],
  ['with a Greek letter', 'resp\u03bfnder'],
  ['with digits', 'resp0nd3r'],
  ['with marks', 'respónder'],
  ['with small capitals', '\u0280esponder'],
  ['with punctuation', 'respon.der'],
  ['with a dash', 'Incident-Responder'],
  ['as the API', 'Operator'],
  ['as what proposes', 'Assistant'],
  ['with a letter that is not seen', 'responder\u3164'],
  ['with a space of no width', 'respon\u200bder'],
])('refuses the name of the machine %s', (_, name) => expect(isTaken(name)).toBe(false));

it.each(['', ' ', 'x'.repeat(41), 'a<b', 'Аdа and Ada'])('refuses %j', (name) =>
  expect(isTaken(name)).toBe(false),
);

it('gives one form to what is written in several', () => {
  expect(operatorName.parse(' J\u0075\u0308rgen ')).toBe('J\u00fcrgen');
  expect(operatorName.parse('Ａｄａ')).toBe('Ada');
});
