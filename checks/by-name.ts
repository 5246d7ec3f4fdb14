import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files in the order of their names: the later ones break more. */
export class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}
