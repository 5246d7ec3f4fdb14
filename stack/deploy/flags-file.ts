import { join } from 'node:path';
import type { Engine } from '../engine.ts';
import { layout } from '../native/layout.ts';
import type { Settings } from '../settings.ts';

/** The demo's flags as the running roles read them: containers have the checkout's own. */
export const flagsFileOf = (settings: Settings, engine: Engine): string =>
  engine === 'compose'
    ? join(settings.root, 'demo-app', 'flags', 'demo.flagd.json')
    : layout(settings).flagsFile;
