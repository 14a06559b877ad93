import type { During } from "../format/faults.ts";
import type { Scenario, Step, Sweep } from "../format/scenario.ts";
import { checkWords, expectWords } from "./check-words.ts";
import { linkWords } from "./link-words.ts";
import { fieldWords } from "./value-words.ts";
import { actionWords, afterWords, faultWords } from "./words.ts";

/** The timeline of a scenario as text that a person reads. */
export function explainText(scenario: Scenario): string {
  const { name, instances, links = [], policy, timeline } = scenario;
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
  lines.push(...endingLines(scenario));
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** How a scenario ends; nothing when it does not say. */
export function endingLines({ finally: ending }: Scenario): readonly string[] {
  if (ending === undefined) return [];
  const { heal, sync, invariants, ...checks } = ending;
  const first = [
    heal && "faults end",
    sync && "everything syncs",
    invariants && "all invariants hold",
  ];
  return [
    `finally    ${first.filter((one) => one !== undefined).join(", ")}`,
    ...checkWords(checks).map((line) => `           ${line}`),
  ];
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

export function duringLines(during: During): readonly string[] {
  const when = afterWords(during.after);
  if ("fault" in during) return [`  ${when}: ${faultWords(during.fault)}`];
  return during.do.map((one) => `  ${when}: ${one.on} ${actionWords(one)}`);
}

export function familyLines({ vary = {}, permute, sweep = [] }: Scenario): readonly string[] {
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
