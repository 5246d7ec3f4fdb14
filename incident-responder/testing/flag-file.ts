import { readFileSync, writeFileSync } from 'node:fs';

const FLAG = 'experimental-identity-provider';

/** A flag document like the demo's, with the identity provider's flag alone. */
export function flagFile(path: string) {
  return {
    path,
    set: (variant: 'on' | 'off') =>
      writeFileSync(
        path,
        JSON.stringify({
          flags: {
            [FLAG]: {
              state: 'ENABLED',
              variants: { on: true, off: false },
              defaultVariant: variant,
              metadata: { service: 'identity' },
            },
          },
        }),
      ),
    variant: () => JSON.parse(readFileSync(path, 'utf8')).flags[FLAG].defaultVariant as string,
  };
}
