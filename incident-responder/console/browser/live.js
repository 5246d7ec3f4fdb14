/** Events come in bursts; one look at the page serves them all. */
const GATHER_MS = 100;
/** Ages and the Watchdog change without any event. */
const REFRESH_MS = 15_000;

/**
 * Follows the server's events and renews the regions marked `data-live` from the page itself, so that markup is made in
 * one place only, the server. A hidden page does not follow: browsers allow six connections to one host.
 *
 * @param {() => void} onRenewed
 */
export function followEvents(onRenewed) {
  /** @type {EventSource | undefined} */
  let source;
  let gathering = false;
  let renewing = false;
  let again = false;

  async function renew() {
    gathering = false;
    if (renewing) {
      again = true;
      return;
    }
    renewing = true;
    try {
      const response = await fetch(location.pathname + location.search, { headers: { accept: 'text/html' } });
      if (response.ok) {
        replaceRegions(new DOMParser().parseFromString(await response.text(), 'text/html'));
        onRenewed();
      }
    } catch {
      // The server went away; the event source notices by itself and comes back.
    } finally {
      renewing = false;
      if (again) {
        again = false;
        soon();
      }
    }
  }
  function soon() {
    if (gathering) return;
    gathering = true;
    setTimeout(renew, GATHER_MS);
  }
  /** @param {string} text @param {boolean} connected */
  function show(text, connected) {
    const state = document.getElementById('live-state');
    if (state === null) return;
    state.hidden = false;
    state.textContent = text;
    state.classList.toggle('connected', connected);
  }
  function connect() {
    if (source !== undefined) return;
    source = new EventSource('/events');
    let lost = false;
    source.onopen = () => {
      show('live', true);
      if (lost) soon();
      lost = false;
    };
    source.onerror = () => {
      lost = true;
      show('not connected', false);
    };
    for (const topic of ['notification', 'incident', 'action', 'audit']) source.addEventListener(topic, soon);
  }
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      source?.close();
      source = undefined;
    } else {
      connect();
      soon();
    }
  });
  addEventListener('pagehide', () => source?.close());
  setInterval(() => {
    if (!document.hidden) soon();
  }, REFRESH_MS);
  if (!document.hidden) connect();
}

/** @param {Document} fresh */
function replaceRegions(fresh) {
  for (const region of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(region.id);
    if (next === null || next.innerHTML === region.getAttribute('data-was')) continue;
    const was = next.innerHTML;
    if (region.innerHTML !== was) keepingState(region, () => region.replaceChildren(...next.childNodes));
    region.setAttribute('data-was', was);
    region.className = next.className;
  }
  document.title = fresh.title;
  const announcement = document.getElementById('announcement');
  const text = fresh.getElementById('announcement')?.dataset.text;
  if (announcement !== null && text !== undefined && announcement.dataset.text !== text) {
    announcement.dataset.text = text;
    announcement.textContent = text;
  }
}

/**
 * What a person has typed, unfolded and where the focus is stays as it was, by id.
 *
 * @param {Element} region
 * @param {() => void} replace
 */
function keepingState(region, replace) {
  const typed = [...region.querySelectorAll('input[id]')].map(
    (input) => /** @type {HTMLInputElement} */ (input),
  );
  const values = typed.map(({ id, value }) => /** @type {const} */ ([id, value]));
  const open = [...region.querySelectorAll('details[open]')].map(({ id }) => id);
  const focused = document.activeElement;
  const place = focused !== null && region.contains(focused) ? placeOf(region, focused) : undefined;
  const selection = focused instanceof HTMLInputElement ? focused.selectionStart : null;
  replace();
  for (const [id, value] of values) {
    const input = document.getElementById(id);
    if (input instanceof HTMLInputElement) input.value = value;
  }
  for (const id of open) document.getElementById(id)?.setAttribute('open', '');
  const target = place === undefined ? null : region.querySelector(place);
  if (target instanceof HTMLElement) {
    target.focus({ preventScroll: true });
    if (target instanceof HTMLInputElement && selection !== null)
      target.setSelectionRange(selection, selection);
  }
}

/**
 * A selector that finds the same control in renewed markup.
 *
 * @param {Element} region
 * @param {Element} element
 */
function placeOf(region, element) {
  if (element.id !== '') return `#${CSS.escape(element.id)}`;
  const holder = element.closest('[id]');
  const within = holder !== null && holder !== region ? `#${CSS.escape(holder.id)} ` : '';
  const attribute = ['name', 'href', 'value'].flatMap((name) => {
    const value = element.getAttribute(name);
    return value === null ? [] : [`[${name}="${CSS.escape(value)}"]`];
  });
  return `${within}${element.localName}${attribute.join('')}`;
}
