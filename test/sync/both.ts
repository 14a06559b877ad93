// Two-way syncs that have to go well, and how a network shows that it has come to rest.
import { expect } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { type SyncedRuns, syncOnce } from "./world.ts";

/** The runs of a two-way sync that has to go well. */
export async function both(a: Store, b: Store): Promise<SyncedRuns> {
  const { instance: peer } = await b.identity();
  const runs = await syncOnce(a, b, "both", { link: { peer } });
  expect(runs.dialer.error).toBeUndefined();
  expect(runs.dialer).toMatchObject({ outcome: "ok", direction: "both" });
  expect(runs.acceptor).toMatchObject({ outcome: "ok", direction: "both" });
  return runs;
}

/** Whoever dials, one round trip shows that there is nothing to do. */
export async function expectQuiet(a: Store, b: Store): Promise<void> {
  for (const [here, there] of [
    [a, b],
    [b, a],
  ] as const) {
    const { frames } = await both(here, there);
    expect(frames).toEqual([">hello", "<welcome"]);
  }
}
