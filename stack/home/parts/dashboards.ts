import { readFileSync } from 'node:fs';
import { check } from '@aiops-sre/service-kit/schema/check.ts';
import { FileError } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { z } from 'zod';
import { eachFile, type PartContent } from '../part.ts';

/** What Grafana needs of a dashboard's JSON model, and what tells two apart. */
const dashboardSchema = z.looseObject({
  title: z.string().min(1).max(200),
  uid: z
    .string()
    .regex(/^[\w-]{1,40}$/, 'at most 40 letters, digits, - and _')
    .optional(),
  panels: z.array(z.looseObject({})).optional(),
});

/** Dashboards as Grafana exports them; a uid is of one dashboard alone. */
export function readHomeDashboards(files: readonly string[], shipped: readonly string[]): PartContent {
  const uids = new Map(
    shipped.map((file) => [String(JSON.parse(readFileSync(file, 'utf8')).uid), file] as const),
  );
  return eachFile(files, new Map(), (file, text) => {
    const { uid } = checkedJson(file, text, dashboardSchema);
    const other = uid === undefined ? undefined : uids.get(uid);
    if (other !== undefined)
      throw new FileError([
        { file, path: 'uid', found: `${uid}`, possible: `one that ${other} does not have already` },
      ]);
    if (uid !== undefined) uids.set(uid, file);
    return text;
  });
}

/** JSON text as `schema` has it. @throws {FileError} with all that is wrong */
function checkedJson<T>(file: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FileError([{ file, path: '', found: (error as Error).message, possible: 'JSON' }]);
  }
  const { data, problems } = check(schema, value);
  if (!problems) return data as T;
  throw new FileError(
    problems.map(({ path, ...rest }) => ({ file, path: path.map(String).join('.'), ...rest })),
  );
}
