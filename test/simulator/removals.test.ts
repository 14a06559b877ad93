// Proves that a run which takes away more than its link lets go is noticed: of what was live when it
// began, and by nobody else; unless somebody agreed, or another run went on at the same place, so that
// nobody knows whose removals these were.
import { expect, test } from "vitest";
import { plannedLink } from "../../src/scenario/world/links.ts";
import { Removals } from "../../src/scenario/world/removals.ts";

const link = { ...plannedLink("A", "B", "pull"), maxRemovals: "1" };

const living = (ids: string) => async (): Promise<ReadonlySet<string>> => new Set(ids);

test("counts what went, less what came back, where the run was started", async () => {
  const removals = new Removals();
  const end = removals.begin("B", link, living("abc"));
  await removals.committed("B", "apply", living("c"));
  await removals.committed("A", "apply", living(""));
  await removals.committed("B", "apply", living("bc"));
  expect(end()).toBeUndefined();
  const again = removals.begin("B", link, living("abc"));
  await removals.committed("B", "apply", living("bc"));
  await removals.committed("B", "dropLeft", living("c"));
  await removals.committed("B", "takePolicies", living(""));
  expect(again()).toBe("3 objects of B went in a run of A-B-pull, and 1 may");
});

test("counts neither what came during the run and went, nor what people deleted there", async () => {
  const removals = new Removals();
  const end = removals.begin("B", link, living("abc"));
  await removals.committed("B", "apply", living("abcdefg"));
  await removals.committed("B", "apply", living("abc"));
  await removals.committed("B", "author", living("c"));
  await removals.committed("B", "apply", living("c"));
  expect(end()).toBeUndefined();
});

test("lets go, beyond that, as many as the source says are deleted on the way and live again", async () => {
  const removals = new Removals();
  const ended = async (passing: number, ids: string) => {
    const end = removals.begin("B", link, living("abc"));
    removals.started("A", link, 9);
    removals.started("B", { ...link, name: "another" }, 9);
    removals.started("B", link, passing);
    await removals.committed("B", "apply", living(ids));
    return end();
  };
  expect(await ended(1, "c")).toBeUndefined();
  expect(await ended(1, "")).toBe("3 objects of B went in a run of A-B-pull, and 2 may");
  expect(await ended(0, "c")).toBe("2 objects of B went in a run of A-B-pull, and 1 may");
});

test("says nothing where somebody agreed, of a share, of what is only sent, and of two at once", async () => {
  const ended = async (by: typeof link, prepare: (removals: Removals) => void) => {
    const removals = new Removals();
    prepare(removals);
    const end = removals.begin("B", by, living("abc"));
    await removals.committed("B", "apply", living(""));
    return end();
  };
  expect(await ended(link, () => {})).toBeDefined();
  expect(await ended(link, (removals) => removals.agreed(link))).toBeUndefined();
  const beside = (removals: Removals) => removals.begin("B", undefined, living("abc"));
  expect(await ended(link, beside)).toBeUndefined();
  expect(await ended({ ...link, maxRemovals: "5%" }, () => {})).toBeUndefined();
  const sent = { ...plannedLink("B", "A", "push"), maxRemovals: "1" };
  expect(await ended(sent, () => {})).toBeUndefined();
});
