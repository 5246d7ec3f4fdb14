/** One start of a detector that has learnt before: tells what it took from the process' start to the first evaluation. */
import { exampleDetector } from '../testing/example-detector.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { loadRule } from './load-rule.ts';

const [prometheusUrl, stateFolder, seriesCount, nowSeconds] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
];
const detector = await exampleDetector({
  prometheusUrl,
  alertmanagerUrls: [],
  stateFolder,
  clock: createManualClock(Number(nowSeconds)),
  rule: loadRule(Number(seriesCount)),
  onUnusable: (reason) => {
    throw new Error(reason);
  },
});
await detector.start();
while (!(await detector.readiness()).ready) await new Promise((resolve) => setTimeout(resolve, 5));
const { user, system } = process.cpuUsage();
process.send!({ seconds: performance.now() / 1000, cpuSeconds: (user + system) / 1e6 });
process.exit();
