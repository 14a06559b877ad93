// Proves that a scenario is told in sentences: its rules, what people do, what goes wrong, and what has to
// come out, with nothing left out; and that its chart has an arrow for each link, the way that data goes.
import { expect, test } from "vitest";
import { explainMermaid } from "../../src/scenario/explain/chart.ts";
import { explainText } from "../../src/scenario/explain/explain.ts";
import { readScenario } from "../../src/scenario/format/read-scenario.ts";

const FILE = `
scenario: 1
name: Two towns and their ferries
policy: { default: newest, types: { package: { /title: "priority:A,B" } } }
instances: { A: {}, B: { skew: +7m } }
links: [ { from: A, to: B, direction: both } ]
timeline:
  - at: "10:00"
    do:
      - { on: A, create: package/ferries, value: { title: Ferries, tags: [water, transit], private: null }, by: mira, as: p1 }
      - { on: A, create: package/minutes, message: for the council }
      - { on: A, purge: package/minutes, reason: names in it }
      - { on: B, importRevisions: A, since: p1 }
  - at: "10:10"
    sync: [A, B]
    during:
      - { after: { commits: 1, on: B }, fault: { crash: B, for: 10s } }
      - { after: { frames: 2 }, do: [ { on: A, untag: package/@p1, tags: [water] } ] }
    expect: { outcome: interrupted, applied: { B: 1 }, conflicts: { A: 0, B: 2 }, refused: { B: 1 } }
  - { at: "10:20", sync: all, acceptRemovals: true, expect: { quiet: true } }
  - at: "10:30"
    always: true
    check:
      converged: [[A, B]]
      value: { A: { package/ferries: { title: Ferries, tags: [], resources: [ { name: map } ] } } }
      names: { A: { package/@p1: ferries--* } }
      roles: { B: { package/@p1: { user/ida: editor, user/otto: reader } } }
      search: { A: { boats: [] } }
      log: { A: { package/ferries: 1 }, B: { package/ferries: [p1] } }
      count: { A: { package: 2, group: 0 } }
      purged: { B: [package/minutes] }
      conflicts: { A: [ { object: package/ferries, path: /title, kind: value, status: open, chosen: p1, value: X, candidates: [p1], rule: newest } ], B: [] }
      strict: true
      recoverable: [p1]
      wire: { bytesMax: 2000, batchesMax: 2 }
  - at: "10:40"
    do:
      - { on: B, resolveAll: oldest, type: package, path: /title }
      - { on: B, changeset: [ { rename: package/ferries, to: boats, as: r1 }, { delete: tag/water } ], by: mira, as: Both }
  - at: "10:50"
    check:
      valueAt: { B: { r1: { title: Ferries } } }
      diff: { B: [ { from: p1, to: r1, changes: { /name: { was: ferries, is: boats }, /url: { is: x }, /notes: { was: y } } }, { from: r1, changes: {} } ] }
      changesets: { A: { Both: all-or-none }, B: { Both: [r1] } }
  - { at: "11:00", do: [ { on: A, delete: package/ferries } ] }
vary: { policy.default: [newest, "priority:A,B"] }
permute: [ "10:40", "11:00" ]
sweep: [ { during: "10:10", cut: [A, B], at: every-frame } ]
finally: { heal: true, sync: all, invariants: all, absent: { A: [package/minutes] } }
`;

const TOLD = `Two towns and their ferries

instances  A, B (skew +7m)
link       A ↔ B (both)
policy     default "newest", types { package { /title "priority:A,B" } }

10:00      A creates package/ferries (title "Ferries", tags water, transit, private empty), by mira → p1
           A creates package/minutes, "for the council"
           A purges package/minutes (names in it)
           B imports a file of the revisions of A since p1
10:10      A and B sync — interrupted, B takes in 1 object, A finds no new conflict, B finds 2 new conflicts, B refuses 1 record
             after 1 commit on B: B crashes for 10s
             after 2 frames: A takes water off package/@p1
10:20      everybody syncs, and the removals are agreed to — nothing is carried
10:30      check, in every run: A, B hold the same
           check, in every run: A shows package/ferries with title "Ferries", tags empty, resources map
           check, in every run: A shows package/@p1 as ferries--*
           check, in every run: on B, user/ida is editor and user/otto is reader of package/@p1
           check, in every run: A finds nothing for "boats"
           check, in every run: A has 1 revision of package/ferries
           check, in every run: B has the revisions p1 of package/ferries
           check, in every run: A has 2 packages
           check, in every run: A has no group
           check, in every run: B has purged package/minutes
           check, in every run: A has an open value conflict at /title of package/ferries between p1, p1 chosen, "X" stands (newest)
           check, in every run: B has no conflict
           check, in every run: there is no other conflict
           check, in every run: nothing of p1 is lost
           check, in every run: the sync before carried at most 2000 bytes, 2 batches
10:40      B decides all open conflicts of packages at /title: takes oldest
           B changes at once: renames package/ferries to boats → r1; deletes tag/water, by mira → Both
10:50      check: B shows r1 with title "Ferries"
           check: B tells p1 from r1: /name from "ferries" to "boats", /url came: "x", /notes went: "y"
           check: B tells r1 from what is shown: nothing differs
           check: A has all of the changeset Both, or nothing
           check: B has the changeset Both of r1
11:00      A deletes package/ferries
vary       policy.default: "newest", "priority:A,B"
permute    10:40, 11:00 in any order
sweep      in the sync of 10:10, A and B are cut off at every frame
finally    faults end, everything syncs, all invariants hold
           A does not have package/minutes
`;

test("a scenario in sentences", () => {
  expect(explainText(readScenario(FILE, "x.yaml"))).toBe(TOLD);
});

const CHART = `
scenario: 1
name: A hub and its branches
instances: { Hub: {}, North: {}, East: {} }
links:
  - { from: Hub, to: North, direction: pull }
  - { from: East, to: Hub, direction: push }
  - { from: Twin, to: East, direction: both }
timeline:
  - { at: "10:00", do: [ { on: Hub, create: package/ferries, value: { notes: "a; #b" } } ] }
  - { at: "10:10", sync: all, during: [ { after: { frames: 2 }, fault: { cut: [Hub, North] } } ] }
  - { at: "10:20", do: [ { on: North, clone: Twin } ] }
  - { at: "10:30", sync: [Hub, North, Twin] }
  - { at: "10:40", sync: all }
  - { at: "10:50", check: { count: { Hub: { package: 1 }, North: { package: 1 } } } }
permute: [ "10:00", "10:20" ]
finally: { heal: true, sync: all, count: { Twin: { package: 1 } } }
`;

test("a chart", () => {
  const [first, , ...lines] = explainMermaid(readScenario(CHART, "x.yaml")).split("\n");
  expect(first).toBe("sequenceDiagram");
  expect(lines.map((line) => line.trim())).toEqual([
    ...["participant Hub", "participant North", "participant East", "participant Twin"],
    'Note over Hub: 10:00 creates package/ferries (notes "a#59; #35;b")',
    ...["Hub->>North: 10:10 sync", "East->>Hub: 10:10 sync"],
    "Note over Hub,Twin: after 2 frames: the connection of Hub and North is cut",
    "Note over North: 10:20 is there twice: a copy of its folder runs as Twin",
    ...["Hub->>North: 10:30 sync", "Hub->>Twin: 10:30 sync"],
    ...["Hub->>North: 10:40 sync", "East->>Hub: 10:40 sync", "Twin<<->>East: 10:40 sync"],
    "Hub->>Twin: 10:40 sync",
    "Note over Hub,Twin: 10:50 2 checks",
    "Note over Hub,Twin: permute 10:00, 10:20 in any order",
    "Note over Hub,Twin: finally faults end, everything syncs",
    "Note over Hub,Twin: finally Twin has 1 package",
    "",
  ]);
});
