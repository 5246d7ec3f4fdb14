import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { FLAGS } from '@aiops-sre/conventions/flags.ts';
import { readFlagDocument, withDefaultVariant } from '@aiops-sre/service-kit/flags/flag-document.ts';
import type { Layout } from '../native/layout.ts';
import { deploymentRecords } from './deployment-record.ts';

/**
 * Takes back what a deployment left that was cut off by a stop of everything: nobody is led to a canary that does not run, and a
 * version that was not promoted to its end does not start. To be called while nothing runs.
 *
 * @returns what there is to say, if anything
 */
export function endLeftOverDeployment(layout: Layout, flagsFile: string): string | undefined {
  const text = existsSync(flagsFile) ? readFileSync(flagsFile, 'utf8') : '{"flags":{}}';
  const flag = FLAGS.storefrontCanaryPercent;
  const share = readFlagDocument(text).flags.get(flag)?.variant;
  if (share !== undefined && share !== 'none')
    writeFileSync(flagsFile, withDefaultVariant(text, flag, 'none'));
  const records = deploymentRecords(layout.deployDir);
  const left = records.read();
  if (left === undefined) return undefined;
  if (left.step === 'promoting') writeFileSync(layout.versionFile('storefront'), `${left.previous}\n`);
  records.release();
  records.log({ event: 'cleaned up', version: left.version, detail: `cut off at ${left.step}, by a stop` });
  return `The deployment of ${left.version} was cut off; the storefront has ${left.previous}.`;
}
