import type { Action, Actions } from "../format/actions.ts";
import { copiesIn } from "../format/linked.ts";
import type { LinkSpec, Scenario, Step } from "../format/scenario.ts";
import { checkWords } from "./check-words.ts";
import { duringLines, endingLines, familyLines } from "./explain.ts";
import { counted } from "./value-words.ts";
import { actionWords } from "./words.ts";

/** A way that data goes in a sync: one arrow, with a head at each end where it goes both ways. */
type Arrow = Pick<LinkSpec, "from" | "to" | "direction">;

/** The timeline as a Mermaid sequence chart. */
export function explainMermaid(scenario: Scenario): string {
  const { name, instances, timeline, links = [] } = scenario;
  const everybody = [...Object.keys(instances), ...copiesIn(scenario)];
  const over = (text: string): string => noteOver(everybody, text);
  const here = new Set(Object.keys(instances));
  let arrows: readonly Arrow[] = links;
  const lines = timeline.flatMap((step) => {
    const isHere = ({ from, to }: Arrow): boolean => here.has(from) && here.has(to);
    const told = chartLines(step, arrows.filter(isHere), everybody);
    for (const action of actionsIn(step)) {
      if (!("clone" in action)) continue;
      here.add(action.clone);
      arrows = withCopy(arrows, action);
    }
    return told;
  });
  const chart = [
    "sequenceDiagram",
    `  %% ${name}`,
    ...everybody.map((one) => `  participant ${one}`),
    ...lines,
    ...familyLines(scenario).map((line) => over(words(line))),
    ...endingLines(scenario).map((line, at) => over(`${at === 0 ? "" : "finally "}${words(line)}`)),
  ];
  return `${chart.join("\n")}\n`;
}

function chartLines(
  step: Step,
  arrows: readonly Arrow[],
  everybody: readonly string[],
): readonly string[] {
  if ("do" in step) {
    return step.do.map((one) => noteOver([one.on], `${step.at} ${actionWords(one)}`));
  }
  if ("check" in step) {
    const about = counted(checkWords(step.check).length, "check");
    return [noteOver(everybody, `${step.at} ${about}`)];
  }
  const { sync, at } = step;
  const takesPart = (name: string): boolean => sync === "all" || sync.includes(name);
  const who = everybody.filter(takesPart);
  return [
    ...arrows
      .filter(({ from, to }) => takesPart(from) && takesPart(to))
      .map(({ from, to, direction }) => {
        return `  ${from}${direction === "both" ? "<<->>" : "->>"}${to}: ${at} sync`;
      }),
    ...(step.during ?? []).flatMap(duringLines).map((line) => noteOver(who, line)),
  ];
}

function noteOver(who: readonly string[], text: string): string {
  const ends = who.length < 2 ? [who[0]] : [who[0], who.at(-1)];
  return `  Note over ${ends.join(",")}: ${plain(text.trim())}`;
}

/** Columns of a text are words of a note. */
function words(line: string): string {
  return line.trim().replaceAll(/ {2,}/g, " ");
}

/** Mermaid ends a message at these, and knows them by their numbers. */
function plain(text: string): string {
  return text.replaceAll(/[;#]/g, (one) => `#${one.charCodeAt(0)};`).replaceAll("\n", " ");
}

function actionsIn(step: Step): readonly Action[] {
  if ("do" in step) return step.do;
  if ("check" in step) return [];
  return (step.during ?? []).flatMap((one) => ("do" in one ? one.do : []));
}

/** A copy has the links that are configured on the instance it is one of. */
function withCopy(arrows: readonly Arrow[], { on, clone }: Actions["clone"]): readonly Arrow[] {
  const copied = arrows.flatMap((arrow): readonly Arrow[] => {
    const { from, to, direction } = arrow;
    const owner = direction === "pull" ? to : from;
    if (owner !== on || from === clone || to === clone) return [];
    return [direction === "pull" ? { ...arrow, to: clone } : { ...arrow, from: clone }];
  });
  return [...arrows, ...copied];
}
