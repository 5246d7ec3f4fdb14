const SEEN = 'tour-seen';

/** A tour of five steps, for who has not seen it: each marks the part of the page that it is about. */
export function offerTour() {
  const tour = document.getElementById('tour');
  const next = document.getElementById('tour-next');
  const again = document.getElementById('tour-again');
  if (tour === null || next === null || again === null) return;
  const steps = [...tour.querySelectorAll('li')];
  let at = -1;

  /** @param {number} step */
  function show(step) {
    at = step;
    document.querySelector('.toured')?.classList.remove('toured');
    const shown = steps[step];
    if (tour === null || next === null) return;
    tour.hidden = shown === undefined;
    for (const each of steps) each.hidden = each !== shown;
    if (shown === undefined) return keep();
    next.textContent = step === steps.length - 1 ? 'Done' : 'Next';
    const part = document.getElementById(shown.dataset.part ?? '');
    part?.classList.add('toured');
    if (step > 0) part?.scrollIntoView({ block: 'center' });
  }
  next.addEventListener('click', () => show(at + 1));
  document.getElementById('tour-end')?.addEventListener('click', () => show(-1));
  again.hidden = false;
  again.addEventListener('click', () => {
    show(0);
    scrollTo(0, 0);
    next.focus();
  });
  if (!seen()) show(0);
}

function keep() {
  try {
    localStorage.setItem(SEEN, 'yes');
  } catch {
    // A browser that keeps nothing shows it again.
  }
}

function seen() {
  try {
    return localStorage.getItem(SEEN) !== null;
  } catch {
    return true;
  }
}
