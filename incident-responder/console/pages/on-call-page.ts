import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { OnCallView } from '../../on-call/on-call-view.ts';
import type { Shift } from '../../on-call/schedule.ts';
import { type Html, html } from '../html.ts';
import { instant } from '../instants.ts';
import { page } from '../layout.ts';
import type { Session } from '../session/session-cookie.ts';

const NEXT_SHOWN = 20;

export interface OnCallPageContent {
  readonly view: OnCallView | undefined;
  readonly problem: string | undefined;
  readonly uncovered: readonly string[];
  readonly session: Session | undefined;
  readonly nowMs: number;
}

/** Who is on call, who is next, what nobody covers, and how it is shared. */
export function onCallPage({ view, problem, uncovered, session, nowMs }: OnCallPageContent): string {
  return page({
    title: 'On call',
    path: '/on-call',
    session,
    announcement:
      view === undefined ? 'Nobody is on call.' : view.now.map((shift) => sentence(shift, view)).join(' '),
    content: html`<h1>On call</h1>
<div id="on-call" data-live>${problem !== undefined && html`<p class="notice bad">The roster is broken${view !== undefined && '; the latest that was whole is in force'}: ${problem}</p>`}
${uncovered.length > 0 && html`<p class="notice bad">Nobody would be told first of ${uncovered.join(', ')} now.</p>`}
${view === undefined ? html`<p class="lead">There is no roster. <code>npm run init-home</code> puts an example into <code>my/on-call</code>.</p>` : known(view, nowMs)}</div>`,
  });
}

const nameOf = (person: string | null, { names }: OnCallView) =>
  person === null ? 'nobody' : (names[person] ?? person);
const sentence = (shift: Shift, view: OnCallView) => `${shift.rotation}: ${nameOf(shift.person, view)}.`;
const WHY: Readonly<Partial<Record<Shift['why'], string>>> = {
  override: 'override',
  holiday: 'for a holiday',
  'outside-hours': 'outside its hours',
  'all-on-holiday': 'all on holiday',
};

function known(view: OnCallView, nowMs: number): Html {
  const { now, next, check } = view;
  return html`<dl class="figures">${now.map(
    (shift) =>
      html`<div class="${shift.person === null && 'attention'}"><dt>${shift.rotation}</dt><dd class="words"><strong>${nameOf(shift.person, view)}</strong> <span class="faint">${WHY[shift.why]} until ${instant(shift.untilMs)}, ${duration(shift.untilMs - nowMs)}</span></dd></div>`,
  )}</dl>
<p><a href="/oncall.ics" download="oncall.ics">Calendar (iCalendar)</a></p>
<section aria-labelledby="gaps-title"><h2 id="gaps-title">The next four weeks</h2>
${
  check.gaps.length + check.overlaps.length === 0
    ? html`<p class="calm">Somebody is told first at every hour, and nobody escalates to themselves.</p>`
    : html`<ul class="list">${check.gaps.slice(0, NEXT_SHOWN).map(({ fromMs, untilMs, severity }) => html`<li>Nobody is told first of ${severity} from ${instant(fromMs)} to ${instant(untilMs)} (${duration(untilMs - fromMs)})</li>`)}
${check.overlaps.slice(0, NEXT_SHOWN).map(({ fromMs, untilMs, person, rotations }) => html`<li>${nameOf(person, view)} is in ${rotations.join(' and ')} from ${instant(fromMs)} to ${instant(untilMs)}: an escalation to oneself</li>`)}</ul>`
}
<div class="scroll" tabindex="0" role="region" aria-label="Shifts"><table><thead><tr><th>From</th><th>Until</th><th>Rotation</th><th>Who</th></tr></thead>
<tbody>${next.slice(0, NEXT_SHOWN).map((shift) => html`<tr><td class="nowrap">${instant(shift.fromMs)}</td><td class="nowrap">${instant(shift.untilMs)}</td><td>${shift.rotation}</td><td>${nameOf(shift.person, view)} <span class="faint">${WHY[shift.why]}</span></td></tr>`)}</tbody></table></div></section>
<section aria-labelledby="load-title"><h2 id="load-title">How it is shared</h2>
<p class="faint">On call in the next four weeks; nights are 22:00 to 7:00 where the person lives. Pages of the last four weeks.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="load-title"><table><thead><tr><th>Who</th><th class="number">Hours</th><th class="number">Nights</th><th class="number">Pages a week</th></tr></thead>
<tbody>${check.load.map(({ person, hours, nights, pagesPerWeek }) => html`<tr><td>${nameOf(person, view)}</td><td class="number">${hours}</td><td class="number">${nights}</td><td class="number">${Number(pagesPerWeek.toFixed(2))}</td></tr>`)}</tbody></table></div></section>`;
}
