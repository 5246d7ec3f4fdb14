import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const { customManagers } = JSON.parse(read('renovate.json'));

describe('Renovate', () => {
  const [images] = customManagers;
  const found = new Map<string, string>();
  for (const { groups } of read('.env').matchAll(new RegExp(images.matchStrings[0], 'g')))
    if (groups) found.set(groups.depName ?? '', groups.currentValue ?? '');

  test('knows every version of .env', () => {
    const versions = [...read('.env').matchAll(/^(\w+)_VERSION=(\S+)$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    expect([...found].toSorted()).toEqual(versions.toSorted());
  });

  test('looks up the very images that docker-compose.yml runs', () => {
    const compose = ['docker-compose.yml', 'docker-compose.expose.yml', 'docker-compose.scale.yml']
      .map(read)
      .join('\n');
    // The Collector's are of one release.
    const sameRelease = (image = '') => image.replace(/^(otel\/opentelemetry-collector)-k8s$/, '$1-contrib');
    for (const [, image, name] of compose.matchAll(/image: (\S+):\$\{(\w+)_VERSION\}/g)) {
      expect(images.packageNameTemplate, name).toContain(
        `(equals depName '${name}')}}${sameRelease(image)}{{`,
      );
    }
  });

  test('knows the version of Node in the Dockerfile', () => {
    expect(new RegExp(customManagers[1].matchStrings[0]).exec(read('Dockerfile'))?.groups?.currentValue).toBe(
      found.get('NODE'),
    );
  });
});
