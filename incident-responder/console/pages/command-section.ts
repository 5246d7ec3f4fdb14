import { INCIDENT_SEVERITIES, type Incident } from '../../incidents/incident.ts';
import { fittingTemplate, STATUS_TEMPLATES, statusText } from '../../incidents/status-template.ts';
import { type Html, html } from '../html.ts';
import type { Session } from '../session/session-cookie.ts';

export interface CommandContent {
  readonly incident: Incident;
  /** People and receivers of the roster; empty without one. */
  readonly people: readonly string[];
  readonly statusReceivers: readonly string[];
  /** The template of a status update that was asked for. */
  readonly template: string | undefined;
  readonly session: Session | undefined;
  readonly nowMs: number;
}

/** Who leads, how grave it is, notes, and what is told to who waits. */
export function commandSection(content: CommandContent): Html {
  const { incident, session, people, statusReceivers, nowMs } = content;
  const { id, commander, scribe, severity } = incident;
  const path = `/incidents/${id}`;
  if (session === undefined)
    return html`<section aria-labelledby="command-title"><h2 id="command-title">Command</h2><p><a href="/login?next=${path}">Log in to lead, write down and tell</a></p></section>`;
  const csrf = html`<input type="hidden" name="csrf" value="${session.csrfToken}">`;
  const template = STATUS_TEMPLATES.find((each) => each === content.template) ?? fittingTemplate(incident);
  return html`<section aria-labelledby="command-title"><h2 id="command-title">Command</h2>
<datalist id="people">${[...new Set([session.name, ...people])].map((name) => html`<option value="${name}">`)}</datalist>
<div class="card"><form method="post" action="${path}/roles" class="fields">${csrf}
<label>Commander <input id="commander" name="commander" list="people" maxlength="40" value="${commander ?? ''}"></label>
<label>Scribe <input id="scribe" name="scribe" list="people" maxlength="40" value="${scribe ?? ''}"></label><button>Set roles</button></form>
<form method="post" action="${path}/severity" class="fields">${csrf}
<label>Severity <select name="severity">${INCIDENT_SEVERITIES.map((each) => html`<option${each === severity && html` selected`}>${each}</option>`)}</select></label>
<label class="wide">Reason <input id="reason" name="reason" required maxlength="500"></label><button>Change severity</button></form>
<form method="post" action="${path}/note" class="fields">${csrf}
<label class="wide">Write down <input id="note" name="text" required maxlength="2000"></label><button>Add note</button></form></div>
<div class="card"><h3>Status update</h3>
<p class="spans">Template: ${STATUS_TEMPLATES.map((each) => (each === template ? html`<strong aria-current="true">${each}</strong> ` : html`<a href="${path}?template=${each}#command-title">${each}</a> `))}</p>
<form method="post" action="${path}/status" class="stacked wide">${csrf}
<label for="status-text">Text</label><textarea id="status-text" name="text" rows="4" maxlength="2000" required>${statusText(template, incident, nowMs)}</textarea>
${statusReceivers.length === 0 ? html`<p class="faint">There is no receiver: <code>status</code> of the <a href="/on-call">roster</a> names them. It is written down here all the same.</p><input type="hidden" name="receiver" value="">` : html`<label>To <select name="receiver">${statusReceivers.map((name) => html`<option>${name}</option>`)}</select></label>`}
<button>Send</button></form></div></section>`;
}
