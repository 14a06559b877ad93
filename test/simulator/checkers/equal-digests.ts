import type { Checker, InstanceState } from "./world-state.ts";

/** Instances that hold the same revisions are in the same state, as long as nothing diverged. */
export const equalDigests: Checker = ({ instances }) => {
  const first = new Map<string, InstanceState>();
  const wrong: string[] = [];
  for (const instance of instances.values()) {
    if (instance.diverged > 0) continue;
    const set = instance.log
      .map(({ id }) => id)
      .sort()
      .join(" ");
    const other = first.get(set);
    if (other === undefined) first.set(set, instance);
    else if (other.digest !== instance.digest) {
      wrong.push(`${other.name} and ${instance.name} hold the same revisions, but differ`);
    }
  }
  return wrong;
};
