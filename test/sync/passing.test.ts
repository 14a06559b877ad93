// Proves that a source leaves out only what the peer itself sent: what a copy of the peer sends
// meanwhile, under the same id, the peer gets, too.
import { expect, test } from "vitest";
import type { InstanceId } from "../../src/base/ids.ts";
import { Passing } from "../../src/sync/session/passing.ts";
import {
  addPackages,
  copyOf,
  memoryStore,
  range,
  retitle,
  syncOnce,
  withMethods,
} from "./world.ts";

const peer = "peer" as InstanceId;
const END = Number.POSITIVE_INFINITY;

function stored(to: number, count: number) {
  const outcome = { revisions: count, purges: 0, head: { lsn: to, chain: new Uint8Array(0) } };
  return outcome as Parameters<Passing["add"]>[0];
}

test("what the session stored is left out", () => {
  const passing = new Passing();
  expect(passing.isKnown).toBe(false);
  passing.begin(peer);
  passing.add(stored(14, 2));
  passing.add(stored(16, 2));
  passing.add(stored(20, 1));
  expect(passing.after(0)).toEqual({ skip: null, upTo: 12 });
  expect(passing.after(12)).toEqual({ skip: peer, upTo: 16 });
  expect(passing.after(16)).toEqual({ skip: null, upTo: 19 });
  expect(passing.after(19)).toEqual({ skip: peer, upTo: 20 });
  expect(passing.after(20)).toEqual({ skip: null, upTo: END });
});

test("nothing is left out for a peer that lost something", () => {
  const passing = new Passing();
  passing.begin(null);
  passing.add(stored(14, 2));
  expect(passing.after(0)).toEqual({ skip: null, upTo: END });
});

test("what a copy of the peer brings in the midst of a session, the peer gets", async () => {
  const [hub, original] = [memoryStore("hub"), memoryStore("original")];
  await addPackages(original, range(0, 4));
  await syncOnce(original, hub, "both");
  const copy = copyOf(original, "copy");
  copy.beginEpoch("copy");
  await addPackages(copy, range(10, 12));
  await retitle(original, 1, "by the original");
  let isFirst = true;
  const meanwhile = withMethods(hub, {
    async apply(batch) {
      if (isFirst) {
        isFirst = false;
        expect((await syncOnce(copy, hub, "both")).dialer.outcome).toBe("ok");
      }
      return hub.apply(batch);
    },
  });
  expect((await syncOnce(original, meanwhile as typeof hub, "both")).dialer.outcome).toBe("ok");
  expect(original.counts().revisions).toBe(hub.counts().revisions);
  expect(original.digest()).toBe(hub.digest());
});

test("what came from copies of the peer before, the peer gets", async () => {
  const [hub, original] = [memoryStore("hub"), memoryStore("original")];
  await addPackages(original, range(0, 4));
  await syncOnce(original, hub, "both");
  const copy = copyOf(original, "copy");
  copy.beginEpoch("copy");
  await addPackages(copy, range(10, 12));
  expect((await syncOnce(copy, hub, "both")).dialer.outcome).toBe("ok");
  original.beginEpoch("kept");
  expect((await syncOnce(original, hub, "both")).dialer.outcome).toBe("ok");
  expect(original.digest()).toBe(hub.digest());
});
