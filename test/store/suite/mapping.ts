/** What a door for organizations refuses in a batch, and that what was refused can come later. */
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../../src/base/ids.ts";
import { command, from, identity, memoryStore, put, setField, wholeLog } from "../helpers.ts";
import { uuid } from "../records.ts";
import type { Open } from "../store-suite.ts";

const [BOARD, RAIL, QUAY, TRAINS, FREE] = [1, 2, 3, 4, 5].map((n) => uuid<ObjectId>(n)) as [
  ...[ObjectId, ObjectId, ObjectId, ObjectId, ObjectId],
];

export function mapping(open: Open): void {
  describe("a door for organizations", () => {
    test("refuses packages of others, and what builds on them, until they are let in", async () => {
      const source = memoryStore(7);
      source.author(command(put(BOARD, { name: "board" }, "create", "organization")));
      source.author(command(put(RAIL, { name: "rail" }, "create", "organization")));
      source.author(
        command(
          put(QUAY, { name: "quay", owner_org: BOARD }, "create", "package"),
          put(TRAINS, { name: "trains", owner_org: RAIL }, "create", "package"),
          put(FREE, { name: "free" }, "create", "package"),
        ),
      );
      source.author(command(setField(TRAINS, "title", "Trains")));
      source.author(command(setField(QUAY, "owner_org", RAIL)));
      const { bytes } = await wholeLog(source);
      const target = await open(identity(1));

      const batch = from(identity(7), bytes);
      const organizations = new Set(["board"]);
      const { refused, revisions } = await target.apply({ ...batch, organizations });
      expect(refused.map(({ code }) => code).sort()).toEqual([
        "ORGANIZATION_UNMAPPED",
        "ORGANIZATION_UNMAPPED",
        "PARENT_MISSING",
      ]);
      expect(revisions).toBe(4);
      const quay = await target.object(QUAY);
      expect(JSON.parse(quay?.text ?? "")).toEqual({ name: "quay", owner_org: BOARD });
      expect(await target.object(TRAINS)).toBeUndefined();
      expect(await target.object(FREE)).toBeDefined();

      // By id as well as by name, and once more, as a retry of what is refused does.
      const ids = new Set([BOARD, RAIL]);
      const again = await target.apply({ ...from(identity(7), bytes), organizations: ids });
      expect(again).toMatchObject({ revisions: 3, duplicates: 4, refused: [] });
      expect(await target.quarantine()).toEqual([]);
      expect(await target.digest()).toBe(source.digest());
      expect((await target.verify()).findings).toEqual([]);
    });

    test("lets back in what this instance itself had lost", async () => {
      const source = memoryStore(7);
      source.author(command(put(QUAY, { name: "quay", owner_org: BOARD }, "create", "package")));
      const { bytes } = await wholeLog(source);
      const target = await open(identity(7));
      const organizations = new Set<string>();
      const { refused } = await target.apply({ ...from(identity(8), bytes), organizations });
      expect(refused).toEqual([]);
    });
  });
}
