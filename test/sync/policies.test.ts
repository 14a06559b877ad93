// Proves how policies travel over links: a default gives way, a later one is taken, two that were
// changed apart are refused with each side knowing the other's, and adopting ends in one policy.
import { expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import type { Json } from "../../src/base/json.ts";
import { DEFAULT_POLICY } from "../../src/merge/policy.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { Store } from "../../src/store/store.ts";
import { both, expectQuiet } from "./both.ts";
import {
  addPackages,
  memoryStore,
  range,
  retitle,
  syncOnce,
  uuidFor,
  withMethods,
} from "./world.ts";

const author = { author: "ana", message: "m" };

const deleteWins = (name: string) => ({
  ...{ default: "newest", deletes: "delete-wins", types: {} },
  names: { package: name },
});

test("a default one gives way, and a later one is taken", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  a.changePolicy({ ...author, policy: deleteWins("suffix") });
  await both(b, a);
  expect(b.policies().inForce).toEqual(a.policies().inForce);
  b.changePolicy({ ...author, policy: deleteWins("alias") });
  await both(a, b);
  expect(a.policies().inForce.policy.names).toEqual({ package: "alias" });
  await expectQuiet(a, b);
});

test("two that were changed apart are refused, until one is adopted", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  a.changePolicy({ ...author, policy: deleteWins("suffix") });
  b.changePolicy({ ...author, policy: deleteWins("alias") });
  const { dialer } = await syncOnce(a, b, "both");
  expect(dialer).toMatchObject({ outcome: "refused", error: { code: "POLICY_CONFLICT" } });
  a.changePolicy({ ...author, adopt: b.identity().instance });
  await both(a, b);
  expect(a.policies().inForce).toEqual(b.policies().inForce);
  expect(b.policies().inForce.policy.names).toEqual({ package: "alias" });
  await expectQuiet(a, b);
});

test("two that were changed apart, and a connection that breaks: each run ends", async () => {
  for (const waits of [0, 5]) {
    for (const cutAfterFrames of range(1, 24)) {
      const [a, b] = [memoryStore("a"), memoryStore("b")];
      for (const [store, at] of [[a, 0] as const, [b, 10] as const]) {
        await addPackages(store, range(at, at + 5));
        store.changePolicy({ ...author, policy: deleteWins(at === 0 ? "suffix" : "alias") });
      }
      let asked = 0;
      const slow = withMethods(a, {
        async policies() {
          // The first time it is for HELLO; the second time what is sent waits for it.
          asked += 1;
          if (asked > 1) await new Promise((later) => setTimeout(later, waits));
          return a.policies();
        },
      });
      const { dialer } = await syncOnce(slow, b, "both", { cutAfterFrames });
      expect(["refused", "interrupted"]).toContain(dialer.outcome);
      expect(dialer.received.revisions).toBe(0);
    }
  }
});

test("many changes of a policy are judged and adopted as one", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  const paths = Object.fromEntries(range(0, 40).map((n) => [`/field-${n}`, "set"]));
  for (const n of range(0, 20)) {
    const types = { package: { ...paths, [`/last-${n}`]: "newest" } };
    a.changePolicy({ ...author, policy: { ...deleteWins("suffix"), types } });
  }
  b.changePolicy({ ...author, policy: deleteWins("alias") });
  const { dialer } = await syncOnce(b, a, "both");
  expect(dialer.error).toMatchObject({ code: "POLICY_CONFLICT" });
  b.changePolicy({ ...author, adopt: a.identity().instance });
  expect(b.policies().inForce.hash).toBe(a.policies().inForce.hash);
  await both(a, b);
  expect(a.policies().inForce).toEqual(b.policies().inForce);
  const adopt = { ...author, adopt: a.identity().instance };
  expect(() => b.changePolicy(adopt)).toThrow("offered no other policy");
});

test("over a link that pulls, the own one stays when it was changed apart", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  a.changePolicy({ ...author, policy: deleteWins("suffix") });
  b.changePolicy({ ...author, policy: deleteWins("alias") });
  const { hash } = a.policies().inForce;
  const { dialer } = await syncOnce(a, b, "pull");
  expect(dialer.outcome).toBe("ok");
  expect(a.policies().inForce.hash).toBe(hash);
});

test.each(["pull", "push"] as const)(
  "a %s between policies apart finds nothing to do the second time",
  async (direction) => {
    for (const [ours, theirs] of [
      ["suffix", "alias"],
      [null, "alias"],
      ["suffix", null],
    ]) {
      const [a, b] = [memoryStore("a"), memoryStore("b")];
      if (ours) a.changePolicy({ ...author, policy: deleteWins(ours) });
      if (theirs) b.changePolicy({ ...author, policy: deleteWins(theirs) });
      await addPackages(direction === "pull" ? b : a, range(0, 3));
      const again = () => syncOnce(a, b, direction, { link: { peer: b.identity().instance } });
      expect((await again()).dialer).toMatchObject({ outcome: "ok" });
      const { frames, dialer } = await again();
      expect(frames.slice(0, 2)).toEqual([">hello", "<welcome"]);
      expect(frames.slice(2).filter((one) => one !== ">bye")).toEqual([]);
      expect(dialer.outcome).toBe("ok");
      // Another policy of the source is looked at again.
      const [source, target] = direction === "pull" ? [b, a] : [a, b];
      const other = { ...deleteWins("alias"), deletes: "edit-wins" };
      source.changePolicy({ ...author, policy: other });
      const isTaken = target.policies().records.length < 2 || !ours || !theirs;
      expect((await again()).frames.some((one) => one.endsWith("policy"))).toBe(true);
      if (!isTaken) expect(target.policies().records).toHaveLength(1);
    }
  },
);

test("an open merge is evaluated again when the policy changes", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  await addPackages(a, range(0, 1));
  await both(a, b);
  const id = uuidFor("package 0") as ObjectId;
  a.author({ ...author, changes: [{ kind: "delete", object: id }] });
  await retitle(b, 0, "edited");
  await both(a, b);
  const before = a.object(id);
  expect(before?.deleted).toBe(false);
  a.changePolicy({ ...author, policy: deleteWins("suffix") });
  expect(a.object(id)).toMatchObject({ deleted: true });
  expect(a.object(id)?.revision).not.toBe(before?.revision);
  await both(a, b);
  expect(b.object(id)?.revision).toBe(a.object(id)?.revision);
  expect(a.digest()).toBe(b.digest());
  expect(b.verify().findings).toEqual([]);
});

/** A store that takes its time before it tells its policies. */
function hesitant(store: MemoryStore): Store {
  const numbersOf: Store["numbersOf"] = async (instance) => {
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    return store.numbersOf(instance);
  };
  return withMethods(store, { numbersOf });
}

test.each([
  ["the dialer", true],
  ["the dialed side", false],
])("%s refuses first, and either side can adopt the other's", async (_who, isDialerFirst) => {
  for (const adopts of ["a", "b"]) {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    a.changePolicy({ ...author, policy: deleteWins("suffix") });
    b.changePolicy({ ...author, policy: deleteWins("alias") });
    const [dialer, acceptor] = isDialerFirst ? [hesitant(a), b] : [a, hesitant(b)];
    const runs = await syncOnce(dialer, acceptor, "both");
    const [here, there] = adopts === "a" ? [a, b] : [b, a];
    for (const [run, peer] of [
      [runs.dialer, "b"],
      [runs.acceptor, "a"],
    ] as const) {
      expect(run).toMatchObject({ outcome: "refused", error: { code: "POLICY_CONFLICT" } });
      expect(run.error?.message).toContain(`this instance and ${peer} changed the policy`);
      expect(run.error?.hint).toContain(`syncline policy adopt ${peer}`);
    }
    here.changePolicy({ ...author, adopt: there.identity().instance });
    await both(a, b);
    expect(here.policies().inForce).toEqual(there.policies().inForce);
    await expectQuiet(a, b);
  }
});

test("two that adopt each other's at once agree at the next sync", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  a.changePolicy({ ...author, policy: deleteWins("suffix") });
  b.changePolicy({ ...author, policy: deleteWins("alias") });
  await syncOnce(a, b, "both");
  a.changePolicy({ ...author, adopt: b.identity().instance });
  b.changePolicy({ ...author, adopt: a.identity().instance });
  expect(a.policies().inForce.hash).not.toBe(b.policies().inForce.hash);
  await both(a, b);
  expect(a.policies().inForce).toEqual(b.policies().inForce);
  await expectQuiet(a, b);
  // A decision after that is a decision for both.
  a.changePolicy({ ...author, policy: deleteWins("suffix") });
  await both(b, a);
  expect(b.policies().inForce).toEqual(a.policies().inForce);
});

test("what was adopted does not stand against what somebody decided meanwhile", async () => {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  a.changePolicy({ ...author, policy: deleteWins("suffix") });
  b.changePolicy({ ...author, policy: deleteWins("alias") });
  await syncOnce(a, b, "both");
  a.changePolicy({ ...author, adopt: b.identity().instance });
  const { types } = DEFAULT_POLICY;
  b.changePolicy({ ...author, policy: { ...deleteWins("alias"), types } as unknown as Json });
  expect((await syncOnce(a, b, "both")).dialer.outcome).toBe("refused");
});

test("in a ring, where everybody adopts from the next, all end with one policy", async () => {
  const ring = ["suffix", "alias", "suffix", "alias"].map((name, at) => {
    const store = memoryStore(`ring ${at}`);
    const policy = { ...deleteWins(name), types: { package: { [`/field-${at}`]: "set" } } };
    store.changePolicy({ ...author, policy });
    return store;
  });
  const pairs = ring.map((store, at) => [store, ring[(at + 1) % 4] as MemoryStore] as const);
  for (const [here, there] of pairs) {
    expect((await syncOnce(here, there, "both")).dialer.outcome).toBe("refused");
  }
  for (const [here, there] of pairs) {
    here.changePolicy({ ...author, adopt: there.identity().instance });
  }
  for (let round = 0; round < 2; round++)
    for (const [here, there] of pairs) await both(here, there);
  expect(new Set(ring.map((store) => store.policies().inForce.hash)).size).toBe(1);
  for (const [here, there] of pairs) await expectQuiet(here, there);
});
