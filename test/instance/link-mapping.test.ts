// Proves what a person may say of the organizations of a link, and what is refused, and why.
import { beforeEach, describe, expect, test } from "vitest";
import type { Instance } from "../../src/instance/instance.ts";
import type { OrganizationWish } from "../../src/instance/link-organizations.ts";
import { run } from "../cli/run.ts";
import { by, memoryInstance, newInstance } from "./instances.ts";
import { served } from "./served.ts";

const THEIRS = "0a0a0a0a-0000-4000-8000-00000000000a";
const link = { name: "hq", url: "http://127.0.0.1:7300" };
let instance: Instance;
let harbor: string;
let transit: string;

beforeEach(async () => {
  instance = memoryInstance();
  const idOf = async (name: string): Promise<string> =>
    (await instance.create("organization", { name }, by)).revisions[0]?.object as string;
  [harbor, transit] = [await idOf("harbor"), await idOf("transit")];
});

const add = (organizations: OrganizationWish, direction: "pull" | "push" | "both" = "pull") =>
  instance.addLink({ ...link, direction, organizations });

describe("a link's mapping", () => {
  test("names what is here by name or id, and the peer's by what it will be known by", async () => {
    const map = [
      { theirs: "board", ours: "harbor" },
      { theirs: THEIRS.toUpperCase(), ours: transit },
    ];
    expect((await add({ map, unmapped: "default:harbor" })).organizations).toEqual({
      map: [
        { theirs: "board", id: null, ours: harbor },
        { theirs: THEIRS.toUpperCase(), id: THEIRS, ours: transit },
      ],
      unmapped: `default:${harbor}`,
      mappedTo: 0,
    });
    expect(await instance.links()).toHaveLength(1);
  });

  test("is changed part by part, and applies to what came already", async () => {
    await add({ map: [{ theirs: "board", ours: "harbor" }], unmapped: "refuse" });
    const [row] = await instance.links();
    if (row?.organizations === undefined) throw new Error("the link has no mapping");
    await instance.store.saveLink({ ...row, organizations: { ...row.organizations, mappedTo: 9 } });
    const changed = await instance.mapLink("hq", {
      map: [{ theirs: "rail", ours: "transit" }],
      unmap: ["board"],
    });
    expect(changed.organizations).toEqual({
      map: [{ theirs: "rail", id: null, ours: transit }],
      unmapped: "refuse",
      mappedTo: 0,
    });
    const { organizations } = await instance.mapLink("hq", { unmapped: "create" });
    expect(organizations).toMatchObject({ unmapped: "create", map: [{ theirs: "rail" }] });
  });

  test.each<[string, OrganizationWish, object]>([
    [
      "nobody's name here",
      { map: [{ theirs: "a", ours: "nobody" }] },
      { code: "OBJECT_NOT_FOUND" },
    ],
    ["no name there", { map: [{ theirs: "", ours: "harbor" }] }, { code: "USAGE" }],
    ["an unknown rule", { unmapped: "drop" }, { hint: "create, refuse or default:NAME" }],
    ["nobody as a default", { unmapped: "default:nobody" }, { code: "OBJECT_NOT_FOUND" }],
    ["a package", { map: [{ theirs: "a", ours: THEIRS }] }, { code: "OBJECT_NOT_FOUND" }],
  ])("is refused for %s, and no link is made", async (_, wish, error) => {
    await expect(add(wish)).rejects.toMatchObject(error);
    expect(await instance.links()).toEqual([]);
  });

  test("is refused for an organization that is deleted", async () => {
    await instance.delete("organization/harbor", by);
    const wish = { map: [{ theirs: "board", ours: "harbor" }] };
    await expect(add(wish)).rejects.toMatchObject({ code: "OBJECT_DELETED" });
  });

  test("is for links that receive only", async () => {
    const wish = { map: [{ theirs: "board", ours: "harbor" }] };
    await expect(add(wish, "both")).rejects.toMatchObject({
      message: expect.stringContaining("travel back"),
    });
    await expect(add(wish, "push")).rejects.toMatchObject({
      hint: expect.stringContaining("other side"),
    });
    await instance.addLink({ ...link, direction: "both" });
    await expect(instance.mapLink("hq", wish)).rejects.toMatchObject({ code: "USAGE" });
    await expect(instance.mapLink("other", wish)).rejects.toMatchObject({ code: "LINK_NOT_FOUND" });
    await expect(instance.mapLink("hq", { unmap: ["board"] })).rejects.toMatchObject({
      code: "USAGE",
    });
  });
});

test("what is refused for its organization is taken by a run of the link, and by nothing else", async () => {
  const peer = memoryInstance("peer");
  await peer.create(
    "package",
    { name: "quay", owner_org: "board", organization: { name: "board" } },
    by,
  );
  const { instance: held } = await newInstance("b");
  await held.create("organization", { name: "harbor" }, by);
  const url = await served(peer);
  await held.addLink({ name: "hq", url, direction: "pull", organizations: { unmapped: "refuse" } });
  expect((await held.sync("hq")).refused).toMatchObject([{ code: "ORGANIZATION_UNMAPPED" }]);
  const [item] = (await held.quarantine()).items;
  expect(item).toMatchObject({
    message: expect.stringMatching(/^its organization board \(.*not mapped$/),
  });
  const retried = await held.retryQuarantined("all");
  expect(retried).toMatchObject({ tried: 1, stored: 0, refused: [{ key: item?.key }] });

  await held.mapLink("hq", { map: [{ theirs: "board", ours: "harbor" }] });
  const run = await held.sync("hq");
  expect(run).toMatchObject({ outcome: "ok", refused: [], received: { revisions: 1 } });
  const { id } = await held.get("organization/harbor");
  expect((await held.get("package/quay")).document).toEqual({ name: "quay", owner_org: id });
  expect((await held.history("package/quay")).map(({ author }) => author)).toEqual([
    "link hq",
    "ada",
  ]);
  expect((await held.search({ text: "", organization: "harbor", limit: 9 })).total).toBe(1);
  expect((await held.status()).attention).toEqual([]);
});

test("undoing a run undoes what it took in that an earlier one had refused", async () => {
  const [peer, held] = [memoryInstance("peer"), memoryInstance("held")];
  await peer.create("organization", { name: "board" }, by);
  await peer.create("package", { name: "quay", owner_org: "board" }, by);
  await held.create("organization", { name: "harbor" }, by);
  const url = await served(peer);
  await held.addLink({ name: "hq", url, direction: "pull", organizations: { unmapped: "refuse" } });
  await held.sync("hq");
  await held.mapLink("hq", { map: [{ theirs: "board", ours: "harbor" }] });
  await peer.create("package", { name: "pier" }, by);
  const run = await held.sync("hq");
  expect(run).toMatchObject({ outcome: "ok", received: { revisions: 2 } });
  const { undone } = await held.undo(run.id, by);
  expect(undone.map(({ name, how }) => `${name} ${how}`).sort()).toEqual([
    "pier deleted",
    "quay deleted",
  ]);
  expect((await held.status()).objects).toEqual({ organization: 2 });
});

test("undoing a run undoes what it mapped", async () => {
  const peer = memoryInstance("peer");
  for (const name of ["board", "rail"]) await peer.create("organization", { name }, by);
  await peer.create("package", { name: "quay", owner_org: "board" }, by);
  const map = [
    { theirs: "board", ours: "harbor" },
    { theirs: "rail", ours: "transit" },
  ];
  await instance.addLink({
    ...link,
    url: await served(peer),
    direction: "pull",
    organizations: { map },
  });
  const first = await instance.sync("hq");
  await peer.set("package/quay", { owner_org: "rail" }, by);
  const second = await instance.sync("hq");
  const owner = async () => (await instance.get("package/quay")).document?.owner_org;
  expect(await owner()).toBe(transit);

  expect(await instance.undo(second.id, by)).toMatchObject({ skipped: [] });
  expect(await owner()).toBe(harbor);
  await instance.sync("hq");
  expect(await owner()).toBe(harbor);
  const { undone, skipped } = await instance.undo(first.id, by);
  expect(skipped.map(({ paths }) => paths)).toEqual([]);
  expect(undone).toHaveLength(3);
  expect((await instance.get("package/quay")).document).toBeNull();
});

test("the command line says what does not fit", async () => {
  const { instance: held, folder } = await newInstance();
  await held.create("organization", { name: "harbor" }, by);
  await held.close();
  const on = (...args: string[]) => run(["-C", folder, "link", ...args], { cwd: folder });
  const url = [link.url, "--direction", "pull"];
  expect(await on("add", "hq", ...url, "--map-organization", "board")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("theirs=ours"),
  });
  expect((await on("add", "hq", ...url, "--map-organization", "board=harbor")).code).toBe(0);
  expect(await on("map", "hq")).toMatchObject({ code: 2 });
  const more = await on(
    "map",
    "hq",
    "--map-organization",
    "rail=harbor",
    "--unmapped",
    "default:harbor",
  );
  expect(more.stdout).toBe("link hq: board to harbor, rail to harbor, others: default:harbor\n");
  expect((await on("show", "hq")).stdout).toContain("board to harbor");
  expect((await on("map", "hq", "--unmap", "rail", "--json")).stdout).toMatch(/"theirs": ?"board"/);
});
