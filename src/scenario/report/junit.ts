import type { FamilyRun } from "../run/run-family.ts";
import type { ScenarioResult } from "./result.ts";

/** The command that plays a run of a file again. */
export type ReplayOf = (file: string, label: string) => string;

/** Results as JUnit XML, which build servers read: a suite per file, a case per run. */
export function junitReport(results: readonly ScenarioResult[], replayOf: ReplayOf): string {
  const tests = results.reduce((sum, { labels }) => sum + labels.length, 0);
  const failures = results.reduce((sum, { failed }) => sum + failed.length, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="scenarios" tests="${tests}" failures="${failures}">`,
    ...results.flatMap((result) => suiteLines(result, replayOf)),
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteLines(result: ScenarioResult, replayOf: ReplayOf): readonly string[] {
  const { file, name, labels, failed, ms } = result;
  const counts = `tests="${labels.length}" failures="${failed.length}" time="${ms / 1000}"`;
  const wrong = new Map(failed.map((run) => [run.label, run]));
  return [
    `  <testsuite name="${xmlText(name)}" file="${xmlText(file)}" ${counts}>`,
    ...labels.flatMap((label) => {
      const run = wrong.get(label);
      const inside = run === undefined ? [] : failureLines(run, replayOf(file, label));
      return caseLines(result, label, inside);
    }),
    "  </testsuite>",
  ];
}

function caseLines(
  { file, name }: ScenarioResult,
  label: string,
  inside: readonly string[],
): readonly string[] {
  const start = `    <testcase classname="${xmlText(file)}" name="${xmlText(`${name}: ${label}`)}"`;
  return inside.length === 0 ? [`${start}/>`] : [`${start}>`, ...inside, "    </testcase>"];
}

function failureLines({ failures, seed, timeline }: FamilyRun, replay: string): readonly string[] {
  const text = [
    ...failures.map(({ at, message }) => `${at}  ${message}`),
    ...["", `seed: ${seed}`, `replay: ${replay}`, "", timeline],
  ].join("\n");
  const message = xmlText(failures[0]?.message ?? "");
  return [`      <failure message="${message}">${xmlText(text)}</failure>`];
}

/** Control characters but tab and line ends, and what is no character: XML cannot hold them. */
const NOT_IN_XML = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu;

function xmlText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(NOT_IN_XML, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
