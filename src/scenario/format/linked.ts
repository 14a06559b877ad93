import type { Action } from "./actions.ts";
import type { Scenario, Step } from "./scenario.ts";

/** The names that `clone` gives to copies, which a link may be planned for. */
export function copiesIn({ timeline }: Pick<Scenario, "timeline">): readonly string[] {
  const amid = (step: Step): readonly Action[] =>
    "sync" in step ? (step.during ?? []).flatMap((one) => ("do" in one ? one.do : [])) : [];
  const actions = timeline.flatMap((step) => ("do" in step ? step.do : amid(step)));
  return actions.flatMap((action) => ("clone" in action ? [action.clone] : []));
}

/** True when a link is between two instances, or may be: a copy has the links of whom it is one of. */
export function areLinked(
  scenario: Pick<Scenario, "links" | "timeline">,
  [one, other]: readonly [string, string],
): boolean {
  const copies = copiesIn(scenario);
  if (one === other) return false;
  if (copies.includes(one) || copies.includes(other)) return true;
  return (scenario.links ?? []).some(({ from, to }) => {
    return (from === one && to === other) || (from === other && to === one);
  });
}
