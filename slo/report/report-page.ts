import MarkdownIt from 'markdown-it';
import type { ReportSection } from './month-report.ts';

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d0d7de, #3d444d); --muted: light-dark(#57606a, #9198a1); --blue: light-dark(#0969da, #4493f8); --red: light-dark(#cf222e, #f85149); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
h2 { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }
h2 strong, td strong { color: var(--red); }
svg { width: 100%; height: auto; font-size: 12px; } svg text { fill: var(--muted); }
svg .grid { stroke: var(--line); } svg .zero { stroke: var(--red); } svg .steady { stroke: var(--muted); stroke-dasharray: 4 4; }
svg .left { fill: none; stroke: var(--blue); stroke-width: 2; } svg .spent { stroke: var(--red); }
a { color: var(--blue); }
.scroll { overflow-x: auto; }
@media print { body { margin: 0; max-width: none; } h2 { break-before: auto; } }
`;

/** A page of its own, without scripts and without anything from elsewhere. */
export function reportPage(sections: readonly ReportSection[], title: string): string {
  const markdown = new MarkdownIt({ html: false, linkify: false });
  markdown.renderer.rules.table_open = () => '<div class="scroll"><table>\n';
  markdown.renderer.rules.table_close = () => '</table></div>\n';
  const body = sections
    .map(({ markdown: text, picture }) => {
      const html = markdown.render(text);
      // Below the sentence that says what is left, above what spent it.
      return picture ? html.replace('<h3>', `<figure>${picture}</figure>\n<h3>`) : html;
    })
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${markdown.utils.escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

export function reportMarkdown(sections: readonly ReportSection[]): string {
  return `${sections.map(({ markdown }) => markdown).join('\n\n')}\n`;
}
