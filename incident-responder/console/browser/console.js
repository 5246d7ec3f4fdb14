/** What pages do beyond HTML: they follow what happens, and draw graphs. Without scripts everything else works. */
import { drawGraphs } from './graphs.js';
import { followEvents } from './live.js';
import { offerTour } from './tour.js';

const graphs = document.querySelector('[data-graphs]');
const redraw = graphs instanceof HTMLElement ? drawGraphs(graphs) : undefined;
if (document.querySelector('[data-live]') !== null) followEvents(() => redraw?.());
offerTour();
