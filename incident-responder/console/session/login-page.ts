import { html } from '../html.ts';
import { page } from '../layout.ts';

export interface LoginPageContent {
  /** Path to go on with. */
  readonly next: string;
  readonly name?: string;
  readonly problem?: string;
  /** False where the responder has no operator token: nobody can log in. */
  readonly possible: boolean;
}

export function loginPage({ next, name = '', problem, possible }: LoginPageContent): string {
  const content = possible
    ? html`<p class="lead">Reading needs no login. To approve, reject or acknowledge, say who you are.</p>
${problem !== undefined && html`<p class="notice bad" role="alert">${problem}</p>`}
<form method="post" action="/login" class="stacked">
<input type="hidden" name="next" value="${next}">
<label for="name">Your name <span class="faint">for timeline and audit log</span></label>
<input id="name" name="name" value="${name}" required maxlength="40" autocomplete="username" spellcheck="false">
<label for="token">Operator token</label>
<input id="token" name="token" type="password" required autocomplete="current-password">
<p class="faint">Without containers it is in <code>.data/secrets/operator-token</code>; with Compose
<code>docker compose run --rm prepare show</code> prints it.</p>
<button class="primary">Log in</button>
</form>`
    : html`<p>This responder was started without an operator token, so nobody can decide here. Set
<code>OPERATOR_TOKEN</code> or <code>OPERATOR_TOKEN_FILE</code> and start it again.</p>`;
  return page({ title: 'Log in', path: '/login', content: html`<h1>Log in</h1>${content}` });
}
