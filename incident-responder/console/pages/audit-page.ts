import type { AuditEntry } from '../../audit/audit-entry.ts';
import type { ChainVerdict } from '../../audit/hash-chain.ts';
import { type Html, html } from '../html.ts';
import { instant } from '../instants.ts';
import { page } from '../layout.ts';
import type { Session } from '../session/session-cookie.ts';

export interface AuditPageContent {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  readonly verdict: ChainVerdict;
  readonly incidentId: number | undefined;
  /** Of the next page; null on the last. */
  readonly before: number | null;
  readonly session: Session | undefined;
}

/** Who did what, and whether the chain of hashes shows that nothing of it was changed since. */
export function auditPage({ entries, verdict, incidentId, before, session }: AuditPageContent): string {
  const ofIncident = incidentId === undefined ? '' : `&incident=${incidentId}`;
  return page({
    title: 'Audit log',
    path: '/audit',
    session,
    announcement: verdict.intact ? 'The audit log is intact.' : 'The audit log was tampered with.',
    content: html`<h1>Audit log${incidentId !== undefined && html` of incident <a href="/incidents/${incidentId}">#${incidentId}</a>`}</h1>
<div id="verdict" data-live>${verdictLine(verdict)}</div>
${incidentId !== undefined && html`<p><a href="/audit">All entries</a></p>`}
<div id="entries" data-live>${
      entries.length === 0
        ? html`<p class="faint">Nothing was done so far.</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="Entries"><table>
<thead><tr><th>No.</th><th>When</th><th>Who</th><th>What</th><th>Incident</th><th>Details</th><th>Hash</th></tr></thead>
<tbody>${entries.map(row)}</tbody></table></div>`
    }
${before !== null && html`<p><a href="/audit?before=${before}${ofIncident}">Older</a></p>`}</div>`,
  });
}

function verdictLine(verdict: ChainVerdict): Html {
  return verdict.intact
    ? html`<p class="notice good">Intact: ${verdict.entries} ${verdict.entries === 1 ? 'entry' : 'entries'}, each holding the hash of the one before. Head <code>${verdict.head.slice(0, 16)}</code></p>`
    : html`<p class="notice bad"><strong>Not intact.</strong> Entry ${verdict.sequence} ${verdict.problem}.</p>`;
}

function row({ sequence, atMs, actor, event, incidentId, actionRunId, detail, hash }: AuditEntry): Html {
  const details = Object.entries(detail).filter(([, value]) => value !== '' && value !== null);
  return html`<tr><td class="number">${sequence}</td><td class="nowrap">${instant(atMs)}</td><td>${actor}</td><td class="nowrap">${event}</td>
<td>${incidentId !== null && html`<a href="/incidents/${incidentId}${actionRunId !== null && `#action-${actionRunId}`}">#${incidentId}</a>`}</td>
<td>${details.map(([name, value]) => html`<span class="faint">${name}</span> ${String(value)}<br>`)}</td>
<td><code title="${hash}">${hash.slice(0, 12)}</code></td></tr>`;
}
