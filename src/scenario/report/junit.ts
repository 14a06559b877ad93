import type { FamilyRun } from "../run/run-family.ts";
import type { ScenarioResult } from "./result.ts";

/** Results as JUnit XML, which build servers read: a suite per file, a case per run that failed. */
export function junitReport(results: readonly ScenarioResult[]): string {
  const tests = results.reduce((sum, { runs }) => sum + runs, 0);
  const failures = results.reduce((sum, { failed }) => sum + failed.length, 0);
  const left = results.reduce((sum, { skipped }) => sum + skipped.length, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="scenarios" tests="${tests + left}" failures="${failures}" skipped="${left}">`,
    ...results.flatMap(suiteLines),
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteLines({ file, name, runs, failed, skipped, ms }: ScenarioResult): readonly string[] {
  const total = `tests="${runs + skipped.length}" failures="${failed.length}"`;
  const counts = `${total} skipped="${skipped.length}" time="${ms / 1000}"`;
  const passed = failed.length === 0 ? [`    <testcase name="${xmlText(name)}"/>`] : [];
  return [
    `  <testsuite name="${xmlText(name)}" file="${xmlText(file)}" ${counts}>`,
    ...passed,
    ...failed.flatMap((run) => caseLines(name, run)),
    ...skipped.flatMap(({ label, reason }) => [
      `    <testcase name="${xmlText(`${name}: ${label}`)}">`,
      `      <skipped message="${xmlText(reason)}"/>`,
      "    </testcase>",
    ]),
    "  </testsuite>",
  ];
}

function caseLines(name: string, { label, failures, timeline }: FamilyRun): readonly string[] {
  const [first] = failures;
  const text = [...failures.map(({ at, message }) => `${at}  ${message}`), "", timeline].join("\n");
  return [
    `    <testcase name="${xmlText(`${name}: ${label}`)}">`,
    `      <failure message="${xmlText(first?.message ?? "")}">${xmlText(text)}</failure>`,
    "    </testcase>",
  ];
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
