import { FileError } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { readYaml } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { z } from 'zod';
import { eachFile, type PartContent } from '../part.ts';

/** @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config */
const targetsSchema = z.array(
  z.strictObject({
    targets: z
      .array(
        z
          .string()
          .regex(/^(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/, 'HOST:PORT, such as 127.0.0.1:4000')
          .max(300),
      )
      .min(1)
      .max(1000),
    labels: z
      .record(
        z
          .string()
          .regex(
            /^(?!__)[a-zA-Z_]\w*$|^__(metrics_path|scheme)__$/,
            'a label of letters, digits and _, such as service',
          ),
        z.string().max(300),
      )
      .default({}),
  }),
);

/** Targets to scrape, as Prometheus' file_sd has them, in YAML or JSON; given on as JSON. */
export function readHomeTargets(files: readonly string[]): PartContent {
  const { files: taken, problems } = eachFile(files, new Map(), (file, text) => {
    const targets = readYaml(file, text, targetsSchema);
    if (targets.some(({ labels }) => labels.service === undefined))
      throw new FileError([
        {
          file,
          path: 'labels.service',
          found: 'nothing',
          possible: 'the name of the service: alerts go by it',
        },
      ]);
    return `${JSON.stringify(targets, undefined, 2)}\n`;
  });
  return { files: new Map([...taken].map(([name, text]) => [`${name}.json`, text])), problems };
}
