// Proves which refused records are forgotten in a world whose logs are mended: those that the instance
// had before, and those that nobody whom it receives from has any more; none that may still come.
import { expect, test } from "vitest";
import { plannedLink } from "../../src/scenario/world/links.ts";
import { forgetSpoiled } from "../../src/scenario/world/mend.ts";

/** C, A and B in a row; B refused a record. Returns what B forgets of it, where some have it. */
async function forgotten(holders: string, hadBefore: boolean, misread = ["c"]): Promise<unknown> {
  let dropped: unknown = null;
  const durable = (name: string) => ({
    quarantine: async () => (name === "B" ? [{ key: "k", id: "r" }] : []),
    dropQuarantined: async (keys: unknown) => {
      dropped = keys;
    },
  });
  const instances = ["A", "B", "C"].map((name) => {
    return [name, { name, durable: durable(name), misread: new Set(misread) }] as const;
  });
  const watch = {
    hadBefore: () => hadBefore,
    lifeOf: (name: string) => ({ mirror: { has: () => holders.includes(name) } }),
  };
  const links = [plannedLink("C", "A", "push"), plannedLink("A", "B", "pull")];
  await forgetSpoiled({ instances: new Map(instances), links, watch } as never);
  return dropped;
}

test("forgets what the only source shunned or lost, although others have it", async () => {
  expect(await forgotten("C", false)).toEqual(["k"]);
  expect(await forgotten("", false)).toEqual(["k"]);
});

test("keeps what a source still has, unless it was had well before it was refused", async () => {
  expect(await forgotten("AC", false)).toBeNull();
  expect(await forgotten("AC", true)).toEqual(["k"]);
});

test("forgets nothing where no log was misread", async () => {
  expect(await forgotten("", true, [])).toBeNull();
});
