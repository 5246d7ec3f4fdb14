import { type Html, html } from './html.ts';

/** A whole page around `content`. */
export function page(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<header><nav aria-label="Main"><a href="/">Notifications</a> <a href="/runbooks">Runbooks</a></nav></header>
<main>
${content}
</main>
</body>
</html>
`.markup;
}
