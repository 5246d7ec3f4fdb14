import type { Hypothesis, Incident, Reason } from '../../incidents/incident.ts';
import { type Html, html } from '../html.ts';
import { instant } from '../instants.ts';
import type { Session } from '../session/session-cookie.ts';
import { webLink } from '../web-link.ts';

/** The probable root with what speaks for and against it, and the other candidates below. */
export function hypothesesSection(incident: Incident, session: Session | undefined): Html {
  const [root, ...others] = incident.hypotheses;
  return html`<section aria-labelledby="root-title"><h2 id="root-title">Probable root</h2>
<div id="root" data-live>${
    root === undefined
      ? html`<p class="faint">None yet: it is looked for when alerts arrive.</p>`
      : html`<div class="card">${hypothesis(root)}${verdict(incident, session)}</div>
${others.length > 0 && html`<details id="others"><summary>${others.length} other ${others.length === 1 ? 'candidate' : 'candidates'}</summary>${others.map((each) => html`<div class="card">${hypothesis(each)}</div>`)}</details>`}`
  }</div></section>`;
}

function hypothesis({
  summary,
  confidence,
  reasons,
  cause,
  service,
  instance,
  flag,
  change,
}: Hypothesis): Html {
  const percent = Math.round(confidence * 100);
  const where = [`service ${service}`, instance && `instance ${instance}`, flag && `flag ${flag}`];
  return html`<h3>${summary}</h3>
<p class="confidence">${bar(confidence)} <strong>${percent} %</strong> <span class="faint">confidence; ${cause}, ${where.filter(Boolean).join(', ')}</span></p>
${change && changed(change)}
<ul class="reasons">${reasons.map(reasonItem)}</ul>`;
}

/** What was changed shortly before, as a diff. */
function changed({ kind, subject, from, to, atMs }: NonNullable<Hypothesis['change']>): Html {
  return html`<p>What was changed, ${instant(atMs)}: ${kind} ${subject}</p>
<pre class="diff"><del>- ${from}</del>
<ins>+ ${to}</ins></pre>`;
}

function reasonItem({ kind, text, weight, link }: Reason): Html {
  const [tone, sign, words] =
    weight > 0
      ? ['for', '+', 'speaks for it']
      : weight < 0
        ? ['against', '\u2212', 'speaks against it']
        : ['', '', 'says nothing'];
  return html`<li><span class="weight ${tone}" title="${words}, in log-odds">${sign}${Math.abs(weight).toFixed(1)}</span>
<span><span class="kind">${kind}</span> ${text} ${webLink('See it', link)}</span></li>`;
}

/** SVG, since its attributes need no inline style. */
function bar(share: number): Html {
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="8" rx="2"/><rect class="filled" width="${Math.round(share * 100)}" height="8" rx="2"/></svg>`;
}

function verdict({ id, rootVerdict }: Incident, session: Session | undefined): Html | null {
  const said =
    rootVerdict &&
    html`${rootVerdict.by} found it ${rootVerdict.verdict === 'false-alarm' ? 'a false alarm' : rootVerdict.verdict}.`;
  if (session === undefined) return said ? html`<p>${said}</p>` : null;
  return html`<form method="post" action="/incidents/${id}/root-verdict" class="decision"><input type="hidden" name="csrf" value="${session.csrfToken}">
<span>${said ? html`${said} Change that:` : 'Was it the root?'}</span><button name="verdict" value="right" accesskey="y">Right</button><button name="verdict" value="wrong" accesskey="n">Wrong</button><button name="verdict" value="false-alarm" accesskey="f">False alarm</button></form>`;
}
