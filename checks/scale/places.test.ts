import { expect, test } from 'vitest';
import { placed, placedArguments } from './places.ts';

const places = {
  own: '127.0.1.9',
  addresses: new Map([
    ['loki', '127.0.1.1'],
    ['loki-compactor', '127.0.1.2'],
  ]),
  paths: new Map([
    ['/loki', '/tmp/run/loki'],
    ['/etc/loki', '/tmp/run/etc'],
    ['/etc/loki/loki.yaml', '/tmp/run/loki.yaml'],
  ]),
};

test('host names before a port become addresses, the longer name first', () => {
  expect(placed('join: [loki:7946, loki-compactor:7946]', places)).toBe(
    'join: [127.0.1.1:7946, 127.0.1.2:7946]',
  );
  expect(placed('http://loki:3100/ready', places)).toBe('http://127.0.1.1:3100/ready');
});

test('a name that is no host stays', () => {
  expect(placed('bucketnames: loki\nlevel: info', places)).toBe('bucketnames: loki\nlevel: info');
  expect(placed('my-loki:1', places)).toBe('my-loki:1');
});

test('what would listen everywhere listens at its own address', () => {
  expect(placed('0.0.0.0:10901', places)).toBe('127.0.1.9:10901');
});

test('paths of mounts lead to folders of the run, the longest first, and others stay', () => {
  expect(placed('-config.file=/etc/loki/loki.yaml', places)).toBe('-config.file=/tmp/run/loki.yaml');
  expect(placed('path: /loki/compactor', places)).toBe('path: /tmp/run/loki/compactor');
  expect(placed('env:DIR:-/loki', places)).toBe('env:DIR:-/tmp/run/loki');
  expect(placed('/var/loki /lokis my-/loki', places)).toBe('/var/loki /lokis my-/loki');
});

test('in arguments, the container itself is its own address', () => {
  expect(placedArguments(['-ip=127.0.0.1', 'server', '-join=loki:7946'], places)).toEqual([
    '-ip=127.0.1.9',
    'server',
    '-join=127.0.1.1:7946',
  ]);
});
