import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { rankRoots } from '@aiops-sre/incident-responder/incidents/root-cause.ts';
import { FEATURES } from '@aiops-sre/incident-responder/roots/root-model.ts';
import type { Command } from 'commander';
import { readCases, readTruth } from './case-file.ts';
import { crossValidated } from './cross-validation.ts';
import { fitModel } from './fit-model.ts';
import { lessonsOf } from './lessons.ts';
import { rootQuestion } from './root-question.ts';

export interface RootCommandsOptions {
  readonly repository: string;
  readonly workingFolder: string;
  readonly out: (line: string) => void;
}

const MODEL_FILE = join('incident-responder', 'roots', 'fitted-model.json');

/** `root-cause` ranks recorded incidents as the responder would; `fit-roots` learns its weights from such. */
export function addRootCommands(
  program: Command,
  { repository, workingFolder, out }: RootCommandsOptions,
): void {
  program
    .command('root-cause')
    .requiredOption('--cases <folder>', 'recorded incidents, a JSON file each')
    .requiredOption('--out <file>', 'probable roots by incident, most probable first, as JSON')
    .description("ranks the roots of recorded incidents by the responder's own functions")
    .action(async ({ cases, out: file }: { cases: string; out: string }) => {
      const ranked = readCases(resolve(workingFolder, cases)).map((recorded) => [
        recorded.name,
        rankRoots(rootQuestion(recorded)).map(({ service, confidence }) => ({ service, confidence })),
      ]);
      await writeFile(
        resolve(workingFolder, file),
        `${JSON.stringify(Object.fromEntries(ranked), null, 2)}\n`,
      );
      out(`${ranked.length} incidents ranked: ${file}`);
    });
  program
    .command('fit-roots')
    .requiredOption('--cases <folders...>', 'recorded incidents with a truth.json, a folder for each system')
    .option('--out <file>', 'the fitted model', join(repository, MODEL_FILE))
    .description(
      'learns what each observation weighs in the ranking of roots, and says how well on what was left out',
    )
    .action(async ({ cases, out: file }: { cases: string[]; out: string }) => {
      const lessons = cases.flatMap((each) => {
        const folder = resolve(workingFolder, each);
        const truth = readTruth(folder);
        return readCases(folder).flatMap((recorded) =>
          lessonsOf(basename(folder), recorded, truth.get(recorded.name)),
        );
      });
      const { prior, weights } = fitModel(lessons);
      const crossValidation = {
        bySystem: crossValidated(lessons, ({ set }) => set),
        byKind: crossValidated(lessons, ({ set, signal }) => `${set} ${signal}`),
        byRoot: crossValidated(lessons, ({ set, root }) => `${set} ${root}`),
      };
      const document = {
        writtenBy: 'npm run -s lab -- fit-roots',
        learntFrom: Object.fromEntries(
          [...Map.groupBy(lessons, ({ set }) => set)].map(([set, of]) => [
            set,
            {
              incidents: of.filter(({ weight }) => weight === 1).length,
              calmMoments: of.filter(({ weight }) => weight < 1).length,
            },
          ]),
        ),
        model: {
          prior: rounded(prior),
          weights: Object.fromEntries(FEATURES.map((name) => [name, rounded(weights[name])])),
        },
        crossValidation,
      };
      await writeFile(resolve(workingFolder, file), `${JSON.stringify(document, null, 2)}\n`);
      out(JSON.stringify(crossValidation, null, 2));
    });
}

const rounded = (weight: number): number => Number(weight.toFixed(3));
