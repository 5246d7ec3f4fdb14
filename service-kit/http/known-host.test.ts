import { expect, it } from 'vitest';
import { knownHostCheck } from './known-host.ts';

const isKnown = knownHostCheck(['incident-responder', 'Shop.example']);

it.each([
  '127.0.0.1:8091',
  'localhost',
  'LOCALHOST:8091',
  '[::1]:8091',
  '10.1.2.3',
  'incident-responder:8091',
  'shop.example',
  'shop.example.:443',
])('%s is a name of ours', (host) => expect(isKnown(host)).toBe(true));

it.each([
  undefined,
  '',
  'evil.example',
  'evil.example:8091',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'shop.example.evil.example',
  '127.0.0.1@evil.example',
  '127.0.0.1, evil.example',
  '[evil.example]',
  '1',
])('%s is none', (host) => expect(isKnown(host)).toBe(false));
