import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, parseDocument } from 'yaml';

/**
 * The shipped configuration with its patience taken out, in `folder`: whether half an outage has to last for five minutes
 * or for half of one changes nothing in the chain that follows. All else stays as it is shipped.
 *
 * @returns the variables by which a native stack takes it in place of the shipped
 * @throws Error naming file and field, if a field that is quickened is not there any more
 */
export function writeQuickenedConfiguration(root: string, folder: string): Record<string, string> {
  const rulesDir = join(folder, 'rules');
  const actionsDir = join(folder, 'actions');
  const detectorDir = join(folder, 'detector');
  cpSync(join(root, 'prometheus', 'rules'), rulesDir, { recursive: true });
  cpSync(join(root, 'incident-responder', 'actions'), actionsDir, { recursive: true });
  cpSync(join(root, 'anomaly-detector', 'rules'), detectorDir, { recursive: true });

  edit(join(rulesDir, 'outages.rules.yml'), (rules) => {
    for (const [alert, lasts] of [
      ['ServiceHalfOutage', '30s'],
      ['ServiceMajorOutage', '1m'],
    ]) {
      const at = indexOf(rules, ['groups', 0, 'rules'], 'alert', alert!);
      replace(rules, ['groups', 0, 'rules', at, 'for'], lasts);
      replace(rules, ['groups', 0, 'rules', at, 'keep_firing_for'], lasts);
    }
  });
  edit(join(actionsDir, 'leave-disaster-recovery.yaml'), (action) => replace(action, ['after'], '20s'));
  edit(join(detectorDir, 'demo.yaml'), (detector) => {
    // A drift is judged by so many samples, not by so many minutes.
    const at = indexOf(detector, ['rules'], 'name', 'process_memory');
    detector.setIn(['rules', at, 'step'], '15s');
  });
  return {
    AIOPS_RULES_DIR: rulesDir,
    AIOPS_ACTIONS_DIR: actionsDir,
    AIOPS_DETECTOR_CONFIG: detectorDir,
  };
}

type Path = readonly (string | number)[];

function edit(file: string, change: (document: Document) => void): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  try {
    change(document);
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
  writeFileSync(file, document.toString({ lineWidth: 0 }));
}

function replace(document: Document, path: Path, value: unknown): void {
  if (!document.hasIn(path)) throw new Error(`expected ${path.join('.')}`);
  document.setIn(path, value);
}

/** Of the entry of a list that has this value in this field. */
function indexOf(document: Document, list: Path, field: string, value: string): number {
  const { items } = document.getIn(list) as { items: unknown[] };
  const at = items.findIndex((_entry, index) => document.getIn([...list, index, field]) === value);
  if (at < 0) throw new Error(`expected an entry of ${list.join('.')} with ${field} ${value}`);
  return at;
}
