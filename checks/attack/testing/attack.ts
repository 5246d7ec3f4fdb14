import { test } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** A row of the table that `npm run test:attack` ends with. */
    attack?: { readonly attack: string; readonly tried: string; refused?: string };
  }
}

/**
 * An attack on the running platform: fails where the attack goes through.
 *
 * @param attack its kind, the same for all of that kind.
 * @param tried what exactly is done.
 * @param refused does it, asserts that it is refused, and returns how: an answer, or what did not follow.
 */
export function attack(
  attack: string,
  tried: string,
  refused: () => Promise<string>,
  timeoutMs = 60_000,
): void {
  test(`${attack}: ${tried}`, { timeout: timeoutMs }, async ({ task }) => {
    task.meta.attack = { attack, tried };
    task.meta.attack.refused = await refused();
  });
}
