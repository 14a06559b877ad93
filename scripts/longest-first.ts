/**
 * The order of test files: those that take long begin, the longest first, so that workers end
 * together, and none begins with the longest when the others are done.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files or folders of test/ whose files take more than ten seconds, the longest first. */
const LONG = [
  "simulator/seeds-",
  "e2e/drills",
  "e2e/operations",
  "store/worker-store",
  "chaos/",
  "hostile/malicious-peer",
  "e2e/kill",
  "e2e/main-job",
  "e2e/dropping",
  "merge/engine-small-",
  "e2e/",
  "store/sqlite-crash",
  "scenario/real",
  "oracle/",
  "simulator/",
  "instance/corpus",
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

/** Those that share a process come last, in a row: between others, it would end. */
function rankOf({ moduleId, project }: TestSpecification): number {
  const rank = LONG.findIndex((part) => moduleId.includes(`/test/${part}`));
  if (rank !== -1) return rank;
  return project.config.isolate ? LONG.length : LONG.length + 1;
}
