import type { Stated } from './losses.ts';

/** Spans that the test writes in the seconds that Tempo holds what it acknowledged in memory, with some to spare. */
const SPANS_IN_TEMPOS_MEMORY = 800;

export const STATED: Stated = {
  tempo: {
    spans: {
      atMostAKill: SPANS_IN_TEMPOS_MEMORY,
      why: 'Tempo acknowledges what it has in memory, and writes it to disk within some seconds of a trace’s last span; a second replica is the cure',
    },
  },
};
