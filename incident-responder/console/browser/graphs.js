/** @typedef {{ expected: (number | null)[], lower: (number | null)[], upper: (number | null)[] }} Band */
/** @typedef {{ name: string, values: (number | null)[] }} Line */
/** @typedef {{ title: string, timestamps: number[], value: (number | null)[], band?: Band, lines?: Line[], name?: string, limit?: { name: string, at: number }, summary: string, link?: string }} Graph */
/** @typedef {{ graphs: Graph[], incident: { from: number, to: number | null } | null }} IncidentGraphs */
/** @typedef {import('uplot')} Plot */

const HEIGHT_PX = 180;
const REFRESH_MS = 15_000;

/**
 * Draws the graphs that the element names in `data-graphs`, and again while its incident lasts.
 *
 * @param {HTMLElement} container
 * @returns {() => void} looks for new data
 */
export function drawGraphs(container) {
  const address = container.dataset.graphs ?? '';
  // By a variable, since the address is the server's and no file that a type checker could look up.
  const library = '/assets/uPlot.esm.js';
  /** @type {Promise<typeof import('uplot')>} */
  const loading = import(library).then((module) => module.default);
  /** @type {Plot[]} */
  let plots = [];
  /** @type {IncidentGraphs | undefined} */
  let shown;
  let lastMs = 0;

  async function update() {
    lastMs = Date.now();
    /** @type {IncidentGraphs} */
    let data;
    try {
      const response = await fetch(address);
      const answer = await response.json();
      if (!response.ok) return say(answer.error);
      data = answer;
    } catch {
      return shown === undefined && say('Graphs cannot be read.');
    }
    shown = data;
    draw(await loading);
  }
  /** @param {string} text */
  function say(text) {
    if (shown !== undefined) return;
    container.replaceChildren(paragraph(text, 'faint'));
  }
  /** @param {typeof import('uplot')} UPlot */
  function draw(UPlot) {
    if (shown === undefined) return;
    for (const plot of plots) plot.destroy();
    plots = [];
    if (shown.graphs.length === 0)
      return void container.replaceChildren(paragraph('No series is watched here.', 'faint'));
    const { incident } = shown;
    const targets = shown.graphs.map((graph) => {
      const figure = document.createElement('figure');
      const caption = document.createElement('figcaption');
      const title = document.createElement('strong');
      title.textContent = graph.title;
      caption.append(title, paragraph(graph.summary, 'faint'), ...legend(graph));
      if (graph.link?.startsWith('http')) {
        const link = document.createElement('a');
        [link.href, link.rel, link.textContent] = [graph.link, 'noreferrer', 'Open in Grafana'];
        caption.append(link);
      }
      const target = document.createElement('div');
      target.setAttribute('aria-hidden', 'true');
      figure.append(caption, target);
      return { graph, figure, target };
    });
    // Only what is in the page has a width.
    container.replaceChildren(...targets.map(({ figure }) => figure));
    plots = targets.map(({ graph, target }) => plotOf(UPlot, graph, incident, target));
  }
  const redraw = () => void loading.then(draw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  new ResizeObserver(() => {
    for (const plot of plots) {
      const target = plot.root.parentElement;
      if (target !== null) plot.setSize({ width: widthIn(target), height: HEIGHT_PX });
    }
  }).observe(container);
  void update();
  return () => {
    if (container.dataset.follow === 'yes' && Date.now() - lastMs > REFRESH_MS - 1000) void update();
  };
}

/** @param {HTMLElement} target */
const widthIn = (target) => Math.max(200, Math.floor(target.clientWidth));

/** @param {string} text @param {string} className */
function paragraph(text, className) {
  const element = document.createElement('p');
  element.className = className;
  element.textContent = text;
  return element;
}

/**
 * Names of the lines, where there are several.
 *
 * @param {Graph} graph
 */
function legend({ name, lines = [], limit }) {
  if (name === undefined && limit === undefined) return [];
  const list = document.createElement('ul');
  list.className = 'legend';
  const names = [
    ...(name === undefined ? [] : [['value', name]]),
    ...lines.map((line, index) => [`line-${index + 1}`, line.name]),
    ...(limit === undefined ? [] : [['limit', limit.name]]),
  ];
  for (const [className = '', text = ''] of names) {
    const item = document.createElement('li');
    item.className = className;
    item.textContent = text;
    list.append(item);
  }
  return [list];
}

const DAY_SECONDS = 86_400;

/**
 * @param {typeof import('uplot')} UPlot
 * @param {Graph} graph
 * @param {IncidentGraphs['incident']} incident
 * @param {HTMLElement} target
 */
function plotOf(UPlot, graph, incident, target) {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const colour = (name) => style.getPropertyValue(`--graph-${name}`).trim();
  const axis = {
    stroke: colour('text'),
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui',
  };
  const points = { show: false };
  const { band, lines = [], limit, timestamps } = graph;
  const isLong = (timestamps.at(-1) ?? 0) - (timestamps[0] ?? 0) > 2 * DAY_SECONDS;
  return new UPlot(
    {
      width: widthIn(target),
      height: HEIGHT_PX,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 18, 0, 0],
      // Times are UTC everywhere on these pages.
      tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      axes: [
        {
          ...axis,
          size: 28,
          values: (_plot, ticks) =>
            ticks.map((at) => new Date(at * 1000).toISOString().slice(isLong ? 5 : 11, isLong ? 10 : 16)),
        },
        { ...axis, size: 56 },
      ],
      series: [
        {},
        ...(band === undefined
          ? []
          : [
              { stroke: colour('edge'), width: 1, points },
              { stroke: colour('edge'), width: 1, points },
              { stroke: colour('expected'), width: 1.5, dash: [5, 4], points },
            ]),
        ...lines.map((_line, index) => ({ stroke: colour(`line-${index + 1}`), width: 1.5, points })),
        { stroke: colour('value'), width: 2, points },
      ],
      bands: band === undefined ? [] : [{ series: [1, 2], fill: colour('band') }],
      hooks: {
        drawClear: [
          (plot) => {
            const { ctx, bbox } = plot;
            const y = limit === undefined ? undefined : plot.valToPos(limit.at, 'y', true);
            if (y !== undefined && y >= bbox.top) {
              ctx.save();
              ctx.fillStyle = colour('limit');
              ctx.fillRect(bbox.left, y - 1, bbox.width, 2);
              ctx.restore();
            }
            if (incident === null) return;
            /** @param {number} at */
            const x = (at) =>
              Math.min(bbox.left + bbox.width, Math.max(bbox.left, plot.valToPos(at, 'x', true)));
            const from = x(incident.from);
            const to = incident.to === null ? bbox.left + bbox.width : x(incident.to);
            ctx.save();
            ctx.fillStyle = colour('incident');
            ctx.fillRect(from, bbox.top, to - from, bbox.height);
            ctx.restore();
          },
        ],
      },
    },
    [
      timestamps,
      ...(band === undefined ? [] : [band.upper, band.lower, band.expected]),
      ...lines.map(({ values }) => values),
      graph.value,
    ],
    target,
  );
}
