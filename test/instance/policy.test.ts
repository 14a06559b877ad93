// Proves that the policy can be read, set with names of instances, and adopted from a peer, and that
// open merges follow it.
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import type { LinkRow } from "../../src/store/rows.ts";
import { by, newInstance } from "./instances.ts";
import { ann, bob, onlyConflict, retitled } from "./two-sides.ts";

test("a policy names instances by name or id, and decides open merges anew", async () => {
  const { a, b } = await retitled();
  const { policy, hash, frontier } = await a.policy();
  expect({ frontier, deletes: policy.deletes }).toEqual({ frontier: [], deletes: "edit-wins" });
  expect((await a.get("package/stops")).document?.title).toBe("Tram stops");
  const types = { package: { "/title": { priority: ["hq", b.identity.instance] } } };
  const wanted = { ...policy, types } as unknown as JsonObject;
  const changed = await a.setPolicy(wanted, ann);
  expect(changed).toEqual(await a.policy());
  expect(changed.hash).not.toBe(hash);
  expect(changed.frontier).toHaveLength(1);
  const ids = { priority: [a.identity.instance, b.identity.instance] };
  expect(changed.policy.types).toEqual({ package: { "/title": ids } });
  expect((await a.get("package/stops")).document?.title).toBe("Bus stops");
  expect(await onlyConflict(a)).toMatchObject({ rule: "priority", status: "open" });
  expect((await a.search({ text: "bus", limit: 5 })).total).toBe(1);
  expect((await a.verify()).findings).toEqual([]);
});

test("an instance nobody knows is an error, and the policy stays", async () => {
  const { a } = await retitled();
  const { policy } = await a.policy();
  const wanted = { ...policy, default: { priority: ["nobody"] } } as unknown as JsonObject;
  await expect(a.setPolicy(wanted, ann)).rejects.toMatchObject({ code: "USAGE", where: "nobody" });
  expect((await a.policy()).frontier).toEqual([]);
});

test("what a peer offered is adopted by its name; without an offer it says so", async () => {
  const { a, b } = await retitled();
  const { policy } = await a.policy();
  const other = { ...policy, deletes: "delete-wins" } as unknown as JsonObject;
  await a.setPolicy({ ...other, default: "newest", names: {} }, ann);
  await b.setPolicy(other, bob);
  const peer = b.identity.instance;
  await expect(a.adoptPolicy(peer, ann)).rejects.toMatchObject({ code: "POLICY_CONFLICT" });
  const { records } = await b.store.policies();
  expect(await a.store.takePolicies({ peer, records })).toMatchObject({ match: "apart" });
  await a.addLink({ name: "other", url: "http://127.0.0.1:1", direction: "pull" });
  const [link] = await a.links();
  await a.store.saveLink({ ...(link as LinkRow), peer, peerName: "branch" });
  const adopted = await a.adoptPolicy("branch", ann);
  expect(adopted.hash).toBe((await b.policy()).hash);
});

test("an instance in a folder takes a policy too, on whichever thread it writes", async () => {
  for (const threads of ["none", "from-start"] as const) {
    const { instance } = await newInstance("a", { threads });
    const { policy } = await instance.policy();
    await instance.setPolicy({ ...policy, deletes: "delete-wins" } as unknown as JsonObject, by);
    expect((await instance.policy()).policy.deletes).toBe("delete-wins");
  }
});
