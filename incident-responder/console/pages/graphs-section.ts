import { type Html, html } from '../html.ts';

/** Graphs that the browser draws; the server says which. @param address of their data */
export function graphsSection(address: string, explained: string): Html {
  return html`<section aria-labelledby="graphs-title"><h2 id="graphs-title">Over time</h2>
<p class="faint">${explained} Times are UTC.</p>
<div id="graphs" data-graphs="${address}" data-follow="yes"><p class="faint">Graphs need scripts.</p></div></section>`;
}

/** Links to the same page over other spans. @param address with a query already */
export function spanLinks(address: string, spans: readonly number[], chosen: number): Html {
  return html`<p class="spans">Span: ${spans.map((hours) =>
    hours === chosen
      ? html`<strong aria-current="true">${hours} h</strong> `
      : html`<a href="${address}hours=${hours}">${hours} h</a> `,
  )}</p>`;
}
