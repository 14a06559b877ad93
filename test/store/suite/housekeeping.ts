/** What is kept beside the log: the identity, links and sync runs; and verifying. */
import { describe, expect, test } from "vitest";
import type { InstanceId, ObjectId } from "../../../src/base/ids.ts";
import { policyMark } from "../../../src/log/policies.ts";
import type { LinkRow, RunRow } from "../../../src/store/rows.ts";
import { STORE_METHODS } from "../../../src/store/store.ts";
import { command, expectError, identity, put, setField } from "../helpers.ts";
import { uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const NOTE = uuid<ObjectId>(1);

function link(name: string, url: string): LinkRow {
  return {
    ...{ name, url, direction: "both", mode: "manual", peer: null, peerName: null, scope: null },
    ...{ maxRemovals: "5%", tokenFile: null, remoteHead: null, confirmed: 3 },
  };
}

function run(n: number, of: string): RunRow {
  const none = { changesets: 0, revisions: 0, objects: 0, purges: 0 };
  return {
    ...{ id: uuid(n), link: of, peer: uuid<InstanceId>(9), direction: "pull", outcome: "refused" },
    ...{ started: "2026-01-15T10:00:00.000Z", ended: "2026-01-15T10:00:01.000Z", received: none },
    ...{ sent: none, merged: 0, conflicts: { new: 0, open: 0 }, cursor: { lsn: n, head: n } },
    ...{ refused: [{ id: null, code: "INVALID_JSON" }], bytes: { in: 1, out: 2 } },
  };
}

export function housekeeping(open: Open): void {
  describe("housekeeping", () => {
    test("has every method of the port, and the identity it was made with", async () => {
      const store = await open(identity(4));
      for (const method of STORE_METHODS) expect(typeof store[method]).toBe("function");
      expect(await store.identity()).toEqual(identity(4));
      expect(await store.head()).toEqual({ lsn: 0, chain: new Uint8Array(16) });
    });

    test("keeps what other instances are called, and what they said themselves first", async () => {
      const store = await open(identity(1));
      const [met, heard] = [uuid<InstanceId>(8), uuid<InstanceId>(7)];
      const say = (instance: InstanceId, name: string, isMet: boolean) =>
        store.learnNames([{ instance, name, isMet }]);
      await say(heard, "far", false);
      await say(met, "hearsay", false);
      await say(met, "hq", true);
      await say(met, "hearsay again", false);
      await say(heard, "farther", false);
      const rows = [
        { instance: heard, name: "farther", isMet: false, judged: null },
        { instance: met, name: "hq", isMet: true, judged: null },
      ];
      expect(await store.peers()).toEqual(rows);
      expect(await store.peer(met)).toEqual(rows[1]);
      expect(await store.peer(uuid<InstanceId>(6))).toBeUndefined();
      expect((await store.verify()).findings).toEqual([]);
    });

    test("remembers which policies of a peer it judged, by which of its own", async () => {
      const [store, other] = [await open(identity(1)), await open(identity(2))];
      const peer = identity(2).instance;
      const change = (of: typeof store, deletes: string) =>
        of.changePolicy({
          ...{ author: "a", message: "" },
          policy: { default: "newest", deletes, names: {}, types: {} },
        });
      // So that the two draw different ids.
      await other.author(command(put(NOTE, { title: "a" })));
      await change(store, "edit-wins");
      await change(other, "delete-wins");
      const { records, inForce: theirs } = await other.policies();
      expect(await store.takePolicies({ peer, records })).toEqual({ match: "apart", taken: null });
      const marks = [theirs, (await store.policies()).inForce].map(policyMark);
      const judged = { theirs: marks[0], own: marks[1] };
      expect(await store.peers()).toEqual([{ instance: peer, name: null, isMet: false, judged }]);
    });

    test("keeps what the instance decides for itself", async () => {
      const store = await open(identity(1));
      expect(await store.settings()).toEqual({ defaultRole: "editor" });
      await store.saveSettings({ defaultRole: "reader" });
      expect(await store.settings()).toEqual({ defaultRole: "reader" });
      expect((await store.verify()).findings).toEqual([]);
    });

    test("keeps links by name", async () => {
      const store = await open(identity(1));
      expect(await store.links()).toEqual([]);
      await store.saveLink(link("b", "ws://b"));
      await store.saveLink(link("a", "ws://a"));
      await store.saveLink(link("b", "ws://new"));
      expect(await store.links()).toEqual([link("a", "ws://a"), link("b", "ws://new")]);
      await store.removeLink("a");
      await expectError(() => store.removeLink("a"), "LINK_NOT_FOUND");
      expect(await store.links()).toEqual([link("b", "ws://new")]);
    });

    test("keeps runs, newest first", async () => {
      const store = await open(identity(1));
      for (const n of [1, 2, 3, 4]) await store.saveRun(run(n, n === 2 ? "other" : "peer"));
      const ids = async (filter: object): Promise<string[]> =>
        (await store.runs({ limit: 10, ...filter })).map(({ id }) => id);
      expect(await ids({})).toEqual([4, 3, 2, 1].map((n) => uuid(n)));
      expect(await ids({ link: "peer", limit: 2 })).toEqual([uuid(4), uuid(3)]);
      expect(await ids({ link: "none" })).toEqual([]);
      expect(await store.runs({ link: "other", limit: 1 })).toEqual([run(2, "other")]);
    });

    test("replaces a run that is saved again, in its place", async () => {
      const store = await open(identity(1));
      for (const n of [1, 2]) await store.saveRun(run(n, "peer"));
      await store.saveRun({ ...run(1, "named since"), outcome: "ok", merged: 3 });
      expect(await store.runs({ limit: 9 })).toEqual([
        run(2, "peer"),
        { ...run(1, "named since"), outcome: "ok", merged: 3 },
      ]);
      expect(await store.runs({ link: "named since", limit: 9 })).toHaveLength(1);
      expect((await store.verify()).findings).toEqual([]);
    });

    test("verifies a store that holds something of everything", async () => {
      const store = await open(identity(1));
      await store.author(command(put(NOTE, { name: "a" })));
      for (let i = 0; i < 70; i++) await store.author(command(setField(NOTE, "n", `${i}`)));
      await store.apply({ source: null, bytes: Buffer.from("junk\n"), cursor: null });
      expect(await store.verify()).toEqual({ revisions: 71, objects: 1, findings: [] });
    });
  });
}
