/**
 * A vitest reporter that ends the output with one plain line, `N passed, M failed, K skipped`,
 * counted from vitest's own results. Scripts read that line; nothing else writes it.
 */
import type { SerializedError } from "vitest";
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from "vitest/node";

export interface Summary {
  readonly passedCount: number;
  /** Tests, plus suites and files that failed outside any test, plus unhandled errors. */
  readonly failedCount: number;
  /** One line for each skipped test: its full name and the reason it gives. */
  readonly skipped: readonly string[];
}

export function summarize(
  modules: readonly TestModule[],
  unhandledErrors: readonly SerializedError[],
): Summary {
  let passedCount = 0;
  let failedCount = unhandledErrors.length;
  const skipped: string[] = [];
  for (const module of modules) {
    failedCount += countOwnFailures(module);
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === "passed") passedCount += 1;
      else if (result.state === "skipped") skipped.push(describeSkipped(module, test, result.note));
      // A test still pending at the end never finished, for example because its worker died.
      else failedCount += 1;
    }
  }
  return { passedCount, failedCount, skipped };
}

export function formatSummary({ passedCount, failedCount, skipped }: Summary): string {
  return `${passedCount} passed, ${failedCount} failed, ${skipped.length} skipped`;
}

/** The file and the suites in it that failed by themselves: at load, in a hook, or empty. */
function countOwnFailures(module: TestModule): number {
  const owners: (TestModule | TestSuite)[] = [module, ...module.children.allSuites()];
  return owners.filter((owner) => owner.errors().length > 0).length;
}

function describeSkipped(module: TestModule, test: TestCase, note: string | undefined): string {
  const reason = note ?? (test.options.mode === "todo" ? "to be written" : "no reason given");
  return `${module.relativeModuleId} > ${test.fullName}: ${reason}`;
}

export class SummaryReporter implements Reporter {
  #vitest: Vitest | undefined;
  #lines: readonly string[] = ["0 passed, 0 failed, 0 skipped"];

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
    // At exit, so that the line comes after the coverage table and vitest's own last words.
    if (!vitest.config.watch) process.once("exit", () => this.#print());
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const summary = summarize(modules, unhandledErrors);
    // A run that tested nothing proves nothing, whatever the name filter was.
    if (summary.failedCount > 0 || summary.passedCount === 0) process.exitCode = 1;
    this.#lines = [
      ...this.#skippedLines(summary),
      ...this.#failedCheckLines(),
      formatSummary(summary),
    ];
    if (this.#vitest?.config.watch) this.#print();
  }

  /** With a name filter every other test counts as skipped; to list those would say nothing. */
  #skippedLines({ skipped }: Summary): string[] {
    if (skipped.length === 0 || this.#vitest?.config.testNamePattern) return [];
    return ["Skipped:", ...skipped.map((line) => `  ${line}`)];
  }

  #failedCheckLines(): string[] {
    const names = process.env.SYNCLINE_FAILED_CHECKS;
    return names ? [`Failed before the tests: ${names} (see above)`] : [];
  }

  #print(): void {
    process.stdout.write(`${this.#lines.join("\n")}\n`);
  }
}
