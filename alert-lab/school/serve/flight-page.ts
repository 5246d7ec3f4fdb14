import { type Html, html } from '@aiops-sre/incident-responder/console/html.ts';
import { CAUSE_KINDS } from '@aiops-sre/incident-responder/incidents/incident.ts';
import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { IMPACT_WORDS, IMPACTS } from '../step.ts';
import type { DeskState } from './desk.ts';
import { logInFirst, type SchoolPageOptions, schoolPage } from './school-layout.ts';

/** What can be done on the stack now; empty where that is not known. */
export interface Means {
  readonly processes: readonly string[];
  readonly flags: ReadonlyMap<string, readonly string[]>;
  /** Names of actions that wait for approval. */
  readonly waiting: readonly string[];
}

export interface FlightPageContent extends Pick<SchoolPageOptions, 'session' | 'consoleUrl'> {
  readonly state: DeskState | undefined;
  readonly means: Means;
  /** That may be named as the root. */
  readonly services: readonly string[];
  readonly nowMs: number;
}

/** The mission that is flown: the page that came, what was said and done, and the steps. */
export function flightPage(content: FlightPageContent): string {
  const { state, session, consoleUrl } = content;
  const common = { session, consoleUrl, path: '/flight' };
  if (state === undefined)
    return schoolPage({
      ...common,
      title: 'Nobody flies',
      content: html`<h1>Nobody flies</h1><p><a href="/">Choose a mission</a>.</p>`,
    });
  const { mission, phase, said } = state;
  const isFlying = phase.kind === 'calming' || phase.kind === 'flying';
  return schoolPage({
    ...common,
    title: mission.title,
    announcement: said.at(-1) ?? '',
    content: html`<p class="faint"><a href="/missions/${mission.name}">Mission ${mission.number}</a>, flown by ${state.learner}</p><h1>${mission.title}</h1>
<p>${mission.briefing}</p>
<div id="state" data-live>${stateOf(content, state)}</div>
<div class="columns">
<div>${isFlying && (session === undefined ? logInFirst(consoleUrl) : html`<div id="means" data-live>${means(content, session.csrfToken)}</div>${answers(content, session.csrfToken)}`)}</div>
<section aria-labelledby="said-title"><h2 id="said-title">What was said</h2><div id="said" data-live><ol class="list">${said.map((line) => html`<li>${line}</li>`)}</ol></div></section>
</div>`,
  });
}

function stateOf({ consoleUrl, nowMs }: FlightPageContent, { phase }: DeskState): Html {
  switch (phase.kind) {
    case 'failed':
      return html`<p class="notice bad">It was not flown: ${phase.problem}</p>`;
    case 'flown':
      return html`<p class="notice good">It is over, and put back. <a href="/flights/${phase.flight.beganMs}">${phase.flight.ended === 'interrupted' ? 'Why it ended' : 'Write the postmortem'}</a></p>`;
    case 'calming':
      return html`<p class="notice good">It waits until the stack is calm, so that you are paged for nothing else.</p>`;
    case 'flying':
  }
  const { progress } = phase;
  if (progress?.page === undefined || progress.pagedMs === null)
    return html`<p class="calm">Nobody was paged yet. It begins within a minute; who is on call has other things to do until then.</p>`;
  const { page, pagedMs, acknowledgedMs, impact, root, mitigatedMs, hints, hintCost, acts } = progress;
  const since = (atMs: number) => duration(Math.max(0, Math.round((atMs - pagedMs) / 1000)) * 1000);
  return html`<article class="card edge-${page.severity.toLowerCase()}"><h2>You are paged: <a href="${consoleUrl}/incidents/${page.id}">${page.title}</a></h2>
<p class="faint">Incident ${page.id}, ${page.severity}. It fires: ${page.alerts.join(', ')}.</p></article>
<dl class="figures"><div><dt>Since the page</dt><dd>${since(mitigatedMs ?? nowMs)}</dd></div>
<div class="${acknowledgedMs === null && 'attention'}"><dt>Acknowledged</dt><dd>${acknowledgedMs === null ? 'not yet' : since(acknowledgedMs)}</dd></div>
<div><dt>Users hurt</dt><dd class="words">${impact === null ? 'not said yet' : IMPACT_WORDS[impact]}</dd></div>
<div><dt>Root</dt><dd class="words">${root === null ? 'not named yet' : [root.service, root.cause, root.instance ?? []].flat().join(' ')}</dd></div>
<div class="${mitigatedMs === null && 'bad'}"><dt>Does no harm</dt><dd>${mitigatedMs === null ? 'not yet' : since(mitigatedMs)}</dd></div>
<div class="${hintCost > 0 && 'attention'}"><dt>Hints</dt><dd>${hintCost} points</dd></div></dl>
${hints.map((hint) => html`<p class="card edge-attention">${hint}</p>`)}
${acts.length > 0 && html`<p class="faint">Done: ${acts.map(({ what, by }) => (by === 'pilot' ? what : `${what} (the responder)`)).join(', ')}.</p>`}`;
}

const form = (csrf: string, step: string, fields: Html): Html =>
  html`<form method="post" action="/flight/steps" class="fields"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="step" value="${step}">${fields}</form>`;
const options = (values: readonly string[], words: Readonly<Record<string, string>> = {}) =>
  values.map((value) => html`<option value="${value}">${words[value] ?? value}</option>`);

const CHOOSE = html`<option value="">Choose</option>`;

/** What is there at the moment only. */
function means({ means: { waiting } }: FlightPageContent, csrf: string): Html {
  return html`${waiting.map((action) => form(csrf, 'approve', html`<input type="hidden" name="words" value="${action}"><button>Approve the responder's ${action}</button>`))}`;
}

function answers({ means: { processes, flags }, services }: FlightPageContent, csrf: string): Html {
  return html`<h2>Say</h2>
${form(csrf, 'acknowledge', html`<button class="primary">Acknowledge</button>`)}
${form(csrf, 'impact', html`<label class="wide">Users that it hurts <select name="words" required>${CHOOSE}${options(IMPACTS, IMPACT_WORDS)}</select></label><button>Say so</button>`)}
${form(csrf, 'root', html`<label>Root <select name="words" required>${CHOOSE}${options(services)}</select></label><label>What of it <select name="words" required>${CHOOSE}${options(CAUSE_KINDS)}</select></label><label>Instance, if one <input id="root-instance" name="words" maxlength="60" pattern="[\\w.\\-]+" autocomplete="off"></label><button>Name it</button>`)}
<h2>Do</h2><p class="faint">Here, or with any other tool: it counts the same. More of a process that was stopped is scaling; <code>storefront-canary-percent none</code> rolls back; <code>shed-load</code> sheds.</p>
${
  processes.length > 0 &&
  html`<form method="post" action="/flight/steps" class="fields"><input type="hidden" name="csrf" value="${csrf}"><label class="wide">Process <select name="words">${options(processes)}</select></label>
<button name="step" value="restart">Restart</button><button name="step" value="start">Start</button></form>`
}
${
  flags.size > 0 &&
  form(
    csrf,
    'flag',
    html`<label class="wide">Flag <select name="words">${[...flags].map(([flag, variants]) => html`<optgroup label="${flag}">${options(variants.map((variant) => `${flag} ${variant}`))}</optgroup>`)}</select></label><button>Set</button>`,
  )
}
<h2>End</h2>
<div class="fields">${form(csrf, 'hint', html`<button>Take a hint</button>`)}${form(csrf, 'done', html`<button>I am done</button>`)}
<form method="post" action="/flight/end" class="fields"><input type="hidden" name="csrf" value="${csrf}"><button class="danger">Break it off</button></form></div>`;
}
