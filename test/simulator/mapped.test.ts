// Proves what the checker of mapped organizations takes for wrong: an organization that a link maps and
// nobody else decided, what the link says beside its rules, and what passed a door that refuses it; and
// that it leaves alone what people decided, what came before the rules, and what they do not name.
import { expect, test } from "vitest";
import type { ActorId, InstanceId, ObjectId, RevisionId } from "../../src/base/ids.ts";
import { mapped } from "../../src/scenario/checkers/mapped.ts";
import type {
  InstanceState,
  LoggedEntry,
  WorldState,
} from "../../src/scenario/checkers/world-state.ts";
import type { ObjectRow } from "../../src/store/rows.ts";

const A = "instance A" as InstanceId;
const B = "11111111-1111-4111-8111-111111111111" as InstanceId;
const pair = { theirs: "city", id: "city" as ObjectId, ours: "harbor" as ObjectId };

/** One edit after the other of who owns a package: `by` the peer, the link, or a person here. */
type Edit = readonly [by: "peer" | "link" | "person", owner: string];

function entry([by, owner]: Edit, at: number): LoggedEntry {
  const author = by === "link" ? "link hq" : "ann";
  return {
    ...{ lsn: at + 1, kind: "revision", id: `r${at}` as RevisionId, object: "pump" as ObjectId },
    parents: at === 0 ? [] : [`r${at - 1}` as RevisionId],
    actor: `${by === "peer" ? A : B}/e` as ActorId,
    ...{ seq: at, hlc: at, hash: "", text: "", pins: [] },
    source: by === "peer" ? A : null,
    changeset: JSON.stringify({ author }),
    patch: [{ op: "add", path: "/owner_org", value: owner }],
  };
}

function found(edits: readonly Edit[], unmapped: "create" | "refuse", since = 0): unknown {
  const [, shown] = edits.at(-1) as Edit;
  const text = JSON.stringify({ owner_org: shown });
  const row = { id: "pump", type: "package", deleted: false, parked: false, text };
  const state: Partial<InstanceState> = {
    ...{ name: "B", ids: new Set([B]), log: edits.map(entry) },
    objects: [row as ObjectRow],
    mappings: [{ link: "hq", peer: A, since, rules: { map: [pair], unmapped, mappedTo: 0 } }],
  };
  const instances = new Map([["B", state as InstanceState]]);
  const flows = [{ source: "A", target: "B" }];
  return mapped({ instances, flows } as unknown as WorldState);
}

test("a package has to be mapped, unless somebody here gave it the organization", () => {
  expect(found([["peer", "city"]], "create")).toEqual([
    "B: package pump is of city, which hq maps",
  ]);
  const mended: Edit[] = [
    ["peer", "city"],
    ["link", "harbor"],
  ];
  expect(found(mended, "create")).toEqual([]);
  expect(found([...mended, ["peer", "city"]], "create")).toHaveLength(1);
  expect(found([...mended, ["person", "city"]], "create")).toEqual([]);
  expect(found([["peer", "rail"]], "create")).toEqual([]);
});

test("a link gives nothing but what its rules say", () => {
  expect(
    found(
      [
        ["peer", "city"],
        ["link", "rail"],
      ],
      "create",
    ),
  ).toEqual(["B: hq made r1 of pump, not by its rules"]);
});

test("what the rules refuse may have come before them, and not since", () => {
  expect(found([["peer", "rail"]], "refuse")).toHaveLength(1);
  expect(found([["peer", "rail"]], "refuse", 1)).toEqual([]);
});
