import type { During } from "../format/faults.ts";
import { copiesIn } from "../format/linked.ts";
import type { Scenario, Step, Sweep } from "../format/scenario.ts";
import { checkWords, expectWords } from "./check-words.ts";
import { linkWords } from "./link-words.ts";
import { counted, fieldWords } from "./value-words.ts";
import { actionWords, afterWords, faultWords } from "./words.ts";

/** The timeline of a scenario as text that a person reads. */
export function explainText(scenario: Scenario): string {
  const { name, instances, links = [], policy, timeline, finally: ending } = scenario;
  const lines = [
    name,
    "",
    `instances  ${Object.entries(instances).map(printInstance).join(", ")}`,
    ...links.map((link) => `link       ${linkWords(link)}`),
    ...(policy === undefined ? [] : [`policy     ${fieldWords(policy)}`]),
    "",
    ...timeline.flatMap(stepLines),
    ...familyLines(scenario),
  ];
  if (ending !== undefined) {
    const { heal, sync, invariants, ...checks } = ending;
    const first = [
      heal && "faults end",
      sync && "everything syncs",
      invariants && "all invariants hold",
    ];
    lines.push(`finally    ${first.filter((one) => one !== undefined).join(", ")}`);
    lines.push(...checkWords(checks).map((line) => `           ${line}`));
  }
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function printInstance([name, spec]: [string, object]): string {
  const settings = Object.entries(spec).map(([key, value]) => `${key} ${value}`);
  return settings.length === 0 ? name : `${name} (${settings.join(", ")})`;
}

function stepLines(step: Step): readonly string[] {
  const [first = "", ...others] = linesOf(step);
  return [`${step.at.padEnd(10)} ${first}`, ...others.map((line) => `           ${line}`)];
}

function linesOf(step: Step): readonly string[] {
  if ("do" in step) return step.do.map((one) => `${one.on} ${actionWords(one)}`);
  if ("check" in step) {
    const when = step.always === true ? "check, in every run" : "check";
    return checkWords(step.check).map((line) => `${when}: ${line}`);
  }
  const names = step.sync === "all" ? "everybody syncs" : `${step.sync.join(" and ")} sync`;
  const who = `${names}${step.acceptRemovals === true ? ", and the removals are agreed to" : ""}`;
  const expected = expectWords(step.expect);
  return [
    `${who}${expected === "" ? "" : ` — ${expected}`}`,
    ...(step.during ?? []).flatMap(duringLines),
  ];
}

function duringLines(during: During): readonly string[] {
  const when = afterWords(during.after);
  if ("fault" in during) return [`  ${when}: ${faultWords(during.fault)}`];
  return during.do.map((one) => `  ${when}: ${one.on} ${actionWords(one)}`);
}

function familyLines({ vary = {}, permute, sweep = [] }: Scenario): readonly string[] {
  const varied = Object.entries(vary).map(([path, values]) => {
    return `vary       ${path}: ${values.map((value) => JSON.stringify(value)).join(", ")}`;
  });
  const permuted = permute === undefined ? [] : [`permute    ${permute.join(", ")} in any order`];
  return [...varied, ...permuted, ...sweep.map((one) => `sweep      ${sweepWords(one)}`)];
}

function sweepWords(sweep: Sweep): string {
  const what =
    "crash" in sweep ? `${sweep.crash} crashes` : `${sweep.cut.join(" and ")} are cut off`;
  return `in the sync of ${sweep.during}, ${what} at ${sweep.at.replace("-", " ")}`;
}

/** The timeline as a Mermaid sequence chart. */
export function explainMermaid({ name, instances, timeline }: Scenario): string {
  const everybody = [...Object.keys(instances), ...copiesIn({ timeline })];
  const lines = [
    "sequenceDiagram",
    `  %% ${name}`,
    ...everybody.map((one) => `  participant ${one}`),
    ...timeline.flatMap((step) => chartLines(step, everybody)),
  ];
  return `${lines.join("\n")}\n`;
}

function chartLines(step: Step, all: readonly string[]): readonly string[] {
  if ("do" in step) {
    return step.do.map((one) => `  Note over ${one.on}: ${step.at} ${plain(actionWords(one))}`);
  }
  if ("check" in step) {
    const about = counted(checkWords(step.check).length, "check");
    return [`  Note over ${all[0]},${all.at(-1)}: ${step.at} ${about}`];
  }
  const who = step.sync === "all" ? all : step.sync;
  const pairs = who.slice(1).map((name, number) => [who[number], name]);
  return [
    ...pairs.map(([from, to]) => `  ${from}->>${to}: ${step.at} sync`),
    ...(step.during ?? []).flatMap(duringLines).map((line) => {
      return `  Note over ${who[0]},${who.at(-1)}: ${plain(line.trim())}`;
    }),
  ];
}

/** Mermaid ends a message at these. */
function plain(text: string): string {
  return text.replaceAll(/[;#\n]/g, ",");
}
