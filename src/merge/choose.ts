import { compareCodeUnits } from "../base/canonical.ts";
import { instanceOf, type RevisionId } from "../base/ids.ts";
import type { MergeInput } from "./graph.ts";
import { isFlag } from "./leaf-writes.ts";
import type { Policy, Strategy } from "./policy.ts";
import type { Region } from "./region.ts";
import type { Candidate } from "./survivors.ts";

/**
 * The winner among candidates: by preference between edit and deletion, then priority, then hybrid
 * time, then revision id. A restated merge ranks as the best of the edits behind it. Every part is
 * replicated data, so every instance chooses the same.
 */
export function chooseRegister(
  region: Region,
  path: string,
  candidates: readonly Candidate[],
  strategy: Strategy,
  deletes: Policy["deletes"],
): Candidate {
  const prefersAbsent = isFlag(path) === (strategy === "set" || deletes === "edit-wins");
  return candidates
    .map((candidate) => {
      const isPreferred = (candidate.value === undefined) === prefersAbsent;
      const edits = candidate.of.map((id) => editOf(region, id, strategy));
      return { candidate, preferred: Number(isPreferred), best: edits.reduce(higher) };
    })
    .reduce((best, next) => (compareRanked(best, next) < 0 ? next : best)).candidate;
}

/** What an edit ranks by; instances that are not listed come below all that are. */
interface Edit {
  readonly place: number;
  readonly hlc: number;
  readonly id: RevisionId;
}

interface Ranked {
  readonly candidate: Candidate;
  readonly preferred: number;
  readonly best: Edit;
}

function editOf({ revisions, indexOf }: Region, id: RevisionId, strategy: Strategy): Edit {
  const { actor, hlc } = revisions[indexOf.get(id) as number] as MergeInput;
  if (typeof strategy === "string") return { place: 0, hlc, id };
  const index = strategy.priority.indexOf(instanceOf(actor));
  return { place: index < 0 ? 0 : strategy.priority.length - index, hlc, id };
}

function higher(a: Edit, b: Edit): Edit {
  return compareEdits(a, b) < 0 ? b : a;
}

function compareEdits(a: Edit, b: Edit): number {
  return a.place - b.place || a.hlc - b.hlc || compareCodeUnits(a.id, b.id);
}

/** Two restatements of one merge, with different values, differ only in who restated. */
function compareRanked(a: Ranked, b: Ranked): number {
  return (
    a.preferred - b.preferred ||
    compareEdits(a.best, b.best) ||
    compareCodeUnits(a.candidate.revision, b.candidate.revision)
  );
}
