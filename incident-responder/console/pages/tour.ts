import { type Html, html } from '../html.ts';

/** What a step is about, by the id of a part of the page, and what it says. */
const STEPS = [
  [
    'verdict',
    'One line says whether users are fine. It is made of everything below, and follows what happens.',
  ],
  [
    'slos-part',
    'Each SLO has a budget of failures. The line is what is left of it; dashed is how it goes on at this rate.',
  ],
  [
    'services-part',
    'Every service that sends telemetry: requests, failures, times to answer. Open one to see more.',
  ],
  [
    'anomalies-part',
    'What no threshold was written for: values outside the band that their past let expect.',
  ],
  ['next-part', 'Now break something on purpose, and watch it being found, explained and mended.'],
] as const;

/** Shown once by a script, in the browser that has not seen it. */
export function tour(): Html {
  return html`<aside id="tour" class="card edge-sev4" aria-label="Tour" hidden><ol>${STEPS.map(
    ([part, text], index) =>
      html`<li data-part="${part}" hidden><span class="faint">${index + 1} of ${STEPS.length}</span> ${text}</li>`,
  )}</ol><p><button id="tour-next" class="primary">Next</button> <button id="tour-end" class="quiet">Skip the tour</button></p></aside>`;
}
