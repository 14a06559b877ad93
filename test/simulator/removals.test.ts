// Proves that a run which takes away more than its link lets go is noticed: unless somebody agreed,
// or another run went on at the same place, so that nobody knows whose removals these were.
import { expect, test } from "vitest";
import { plannedLink } from "../../src/scenario/world/links.ts";
import { Removals } from "../../src/scenario/world/removals.ts";

const link = { ...plannedLink("A", "B", "pull"), maxRemovals: "1" };

test("counts what went, less what came back, where the run was started", () => {
  const removals = new Removals();
  const end = removals.begin("B");
  removals.applied("B", 2, 1);
  removals.applied("A", 5, 0);
  expect(removals.begin("A")(link)).toBeUndefined();
  expect(end(link)).toBeUndefined();
  const again = removals.begin("B");
  removals.applied("B", 1, 0);
  removals.dropped("B", 1);
  expect(again(link)).toBe("2 objects of B went in a run of A-B-pull, and 1 may");
  expect(removals.drops).toBe(1);
});

test("says nothing where somebody agreed, of a share, of what is only sent, and of two at once", () => {
  const ended = (by: typeof link, prepare: (removals: Removals) => void): string | undefined => {
    const removals = new Removals();
    prepare(removals);
    const end = removals.begin("B");
    removals.applied("B", 9, 0);
    return end(by);
  };
  expect(ended(link, () => {})).toBeDefined();
  expect(ended(link, (removals) => removals.agreed(link))).toBeUndefined();
  expect(ended(link, (removals) => removals.begin("B"))).toBeUndefined();
  expect(ended({ ...link, maxRemovals: "5%" }, () => {})).toBeUndefined();
  expect(ended({ ...plannedLink("B", "A", "push"), maxRemovals: "1" }, () => {})).toBeUndefined();
});
