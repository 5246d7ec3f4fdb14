import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Router } from 'express';

const BROWSER_FILES = ['console.js', 'graphs.js', 'live.js', 'tour.js', 'console.css', 'icon.svg'];

export interface AssetRoutesOptions {
  /** Folder of the browser's files; tests may give another. */
  readonly browserDir?: string;
}

/** Scripts and styles as they are in the repository and in uPlot's package; browsers ask each time whether they changed. */
export function assetRoutes({
  browserDir = join(import.meta.dirname, 'browser'),
}: AssetRoutesOptions): Router {
  const uPlotDir = dirname(createRequire(import.meta.url).resolve('uplot'));
  const files = new Map<string, string>();
  for (const name of BROWSER_FILES) files.set(name, join(browserDir, name));
  files.set('uPlot.esm.js', join(uPlotDir, 'uPlot.esm.js'));
  files.set('uPlot.min.css', join(uPlotDir, 'uPlot.min.css'));

  const router = Router();
  router.get('/:name', (request, response, next) => {
    const file = files.get(request.params.name);
    if (file === undefined) return next();
    response.set('Cache-Control', 'no-cache').type(request.params.name).send(readFileSync(file));
  });
  return router;
}
