import { z } from 'zod';

const filesSchema = z.array(z.string());

function withOther(file: string): readonly string[] {
  const other = file.replace(/^targets\/(?=[\w-]+\.json$)/, 'others/');
  return other === file ? [file] : [file, other];
}

/** Beside each `targets/NAME.json` of Prometheus' configuration `others/NAME.json`: the second and third of what is there once otherwise. */
export const withOtherTargets = (configuration: unknown): unknown =>
  JSON.parse(JSON.stringify(configuration), (key, value) =>
    key === 'files' ? filesSchema.parse(value).flatMap(withOther) : value,
  );
