// Proves that a link gives packages that come over it the organizations that it says: versioned,
// once, also after an interruption, and never over what somebody here decided.
import { describe, expect, test } from "vitest";
import { SynclineError } from "../../src/base/errors.ts";
import type { ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import type { MemoryStore } from "../../src/store/memory/memory-store.ts";
import type { LinkOrganizations } from "../../src/store/rows.ts";
import type { Store } from "../../src/store/store.ts";
import { liveSession, until } from "./live-world.ts";
import { linkRow, memoryStore, type SyncedRuns, syncOnce, uuidFor, withMethods } from "./world.ts";

const id = (name: string): ObjectId => uuidFor(name) as ObjectId;

async function put(store: Store, type: string, content: JsonObject): Promise<void> {
  const object = id(String(content.name));
  const change = { kind: "put", object, type, content, mode: "create" } as const;
  await store.author({ author: "ann", message: "", changes: [change] });
}

async function set(store: Store, name: string, value: JsonObject, author = "ann"): Promise<void> {
  await store.author({ author, message: "", changes: [{ kind: "set", object: id(name), value }] });
}

const package_ = (store: Store, name: string, owner: string): Promise<void> =>
  put(store, "package", { name, owner_org: id(owner) });

async function content(store: Store, name: string): Promise<JsonObject | undefined> {
  const row = await store.object(id(name));
  return row && (JSON.parse(row.text) as JsonObject);
}

/** The name of the organization that a package has here; undefined without the package. */
async function owner(store: Store, name: string): Promise<string | undefined> {
  const found = await content(store, name);
  const names = ["board", "rail", "port", "other"];
  return found && (names.find((one) => id(one) === found.owner_org) ?? "none");
}

/** A, with the organizations board and rail, and B, with port and other. */
async function twoSides(): Promise<[a: MemoryStore, b: MemoryStore]> {
  const [a, b] = [memoryStore("a"), memoryStore("b")];
  for (const name of ["board", "rail"]) await put(a, "organization", { name });
  for (const name of ["port", "other"]) await put(b, "organization", { name });
  await package_(a, "quay", "board");
  await package_(a, "trains", "rail");
  return [a, b];
}

function rules(more: Partial<LinkOrganizations> = {}): LinkOrganizations {
  const board = { theirs: "board", id: null, ours: id("port") };
  return { map: [board], unmapped: "create", mappedTo: 0, ...more };
}

/** B pulls from A, over a link that has these rules from now on. */
async function pull(b: Store, a: Store, organizations?: LinkOrganizations): Promise<SyncedRuns> {
  if (organizations !== undefined) {
    const [link = linkRow("pull")] = await b.links();
    await b.saveLink({ ...link, organizations });
  }
  return syncOnce(b, a, "pull");
}

/** The changesets that the link authored, oldest first. */
async function mappings(store: Store): Promise<string[]> {
  const entries = await store.entries({ limit: 1000 });
  const changesets = new Set(entries.map(({ changeset }) => changeset ?? "{}"));
  return [...changesets]
    .map((text) => JSON.parse(text) as { author: string; message: string })
    .filter(({ author }) => author === "link l")
    .map(({ message }) => message);
}

test("packages of a mapped organization get the one here, in one changeset of the link's", async () => {
  const [a, b] = await twoSides();
  const { dialer } = await pull(b, a, rules());
  expect(dialer).toMatchObject({ outcome: "ok", received: { revisions: 4 }, refused: [] });
  expect(await owner(b, "quay")).toBe("port");
  expect(await owner(b, "trains")).toBe("rail");
  expect(await mappings(b)).toEqual(["map organization board to port on 1 package"]);
  expect(await b.object(id("board"))).toMatchObject({ type: "organization", deleted: false });
  expect(await owner(a, "quay")).toBe("board");
  expect(b.openConflicts()).toBe(0);
  expect(b.verify().findings).toEqual([]);

  const again = await pull(b, a);
  expect(again.frames).toEqual([">hello", "<welcome"]);
  expect(await mappings(b)).toHaveLength(1);
});

test("edits of A merge with it, and a new organization of A's is mapped likewise", async () => {
  const [a, b] = await twoSides();
  const both = [
    { theirs: "board", id: null, ours: id("port") },
    { theirs: id("rail"), id: id("rail"), ours: id("other") },
  ];
  await pull(b, a, rules({ map: both }));
  expect([await owner(b, "quay"), await owner(b, "trains")]).toEqual(["port", "other"]);

  await set(a, "quay", { title: "Quay" });
  await pull(b, a);
  expect(await content(b, "quay")).toMatchObject({ title: "Quay", owner_org: id("port") });
  expect(await mappings(b)).toHaveLength(1);
  expect(b.openConflicts()).toBe(0);

  await set(a, "quay", { owner_org: id("rail") });
  await pull(b, a);
  expect(await owner(b, "quay")).toBe("other");
  expect(await mappings(b)).toHaveLength(2);
  expect(b.openConflicts()).toBe(0);
  await package_(a, "pier", "board");
  await set(a, "board", { name: "board-renamed" });
  await pull(b, a);
  expect(await owner(b, "pier")).toBe("port");
});

test("what somebody here decided stays", async () => {
  const [a, b] = await twoSides();
  await pull(b, a, rules());
  await set(b, "quay", { owner_org: id("board") }, "bo");
  await set(a, "quay", { title: "Quay" });
  await pull(b, a);
  expect(await owner(b, "quay")).toBe("board");
  const { organizations } = b.links()[0] ?? {};
  await pull(b, a, { ...(organizations as LinkOrganizations), mappedTo: 0 });
  expect(await owner(b, "quay")).toBe("board");
  expect(await mappings(b)).toHaveLength(1);
});

test("a package that comes back from a deletion is mapped then", async () => {
  const [a, b] = await twoSides();
  await a.author({ author: "ann", message: "", changes: [{ kind: "delete", object: id("quay") }] });
  await pull(b, a, rules());
  expect(await mappings(b)).toEqual([]);
  await a.author({
    author: "ann",
    message: "",
    changes: [{ kind: "undelete", object: id("quay") }],
  });
  await pull(b, a);
  expect(await owner(b, "quay")).toBe("port");
});

describe("an interruption", () => {
  const crash = new SynclineError("INTERNAL", "killed");

  test("before the mapping is authored is made up for by the next run", async () => {
    const [a, b] = await twoSides();
    await b.saveLink(linkRow("pull", { organizations: rules() }));
    const dying = withMethods(b, {
      author: () => {
        throw crash;
      },
    });
    expect((await pull(dying, a)).dialer.outcome).toBe("failed");
    expect(await owner(b, "quay")).toBe("board");
    expect((await pull(b, a)).dialer.outcome).toBe("ok");
    expect(await owner(b, "quay")).toBe("port");
    expect(await mappings(b)).toHaveLength(1);
  });

  test("after it was authored makes no second one", async () => {
    const [a, b] = await twoSides();
    await b.saveLink(linkRow("pull", { organizations: rules() }));
    const dying = withMethods(b, {
      saveLink: async (link) => {
        if ((await mappings(b)).length > 0) throw crash;
        b.saveLink(link);
      },
    });
    expect((await pull(dying, a)).dialer.outcome).toBe("failed");
    expect(await owner(b, "quay")).toBe("port");
    for (let runs = 0; runs < 2; runs++) expect((await pull(b, a)).dialer.outcome).toBe("ok");
    expect(await mappings(b)).toHaveLength(1);
  });

  test("by an edit of the package is taken up at once", async () => {
    const [a, b] = await twoSides();
    await b.saveLink(linkRow("pull", { organizations: rules() }));
    let edits = 0;
    const busy = withMethods(b, {
      author: async (command) => {
        if (edits++ < 2) await set(b, "quay", { notes: `${edits}` }, "bo");
        return b.author(command);
      },
    });
    expect((await pull(busy, a)).dialer.outcome).toBe("ok");
    expect(await content(b, "quay")).toMatchObject({ notes: "2", owner_org: id("port") });
  });
});

describe("unmapped organizations", () => {
  test("are given a default one, packages without any are left alone", async () => {
    const [a, b] = await twoSides();
    await put(a, "package", { name: "free" });
    await pull(b, a, rules({ unmapped: `default:${id("other")}` }));
    expect(await owner(b, "quay")).toBe("port");
    expect(await owner(b, "trains")).toBe("other");
    expect(await owner(b, "free")).toBe("none");
  });

  test("are refused, until the mapping is extended", async () => {
    const [a, b] = await twoSides();
    const refuse = rules({ unmapped: "refuse" });
    const first = await pull(b, a, refuse);
    const refused = [{ id: expect.any(String), code: "ORGANIZATION_UNMAPPED" }];
    expect(first.dialer).toMatchObject({ outcome: "ok", refused });
    expect([await owner(b, "quay"), await owner(b, "trains")]).toEqual(["port", undefined]);

    await set(a, "trains", { title: "Trains" });
    const second = await pull(b, a);
    expect(second.dialer.refused).toMatchObject([{ code: "PARENT_MISSING" }]);
    expect(b.quarantine()).toHaveLength(2);

    const rail = { theirs: "rail", id: null, ours: id("other") };
    const { organizations } = b.links()[0] ?? {};
    const map = [...(organizations as LinkOrganizations).map, rail];
    const third = await pull(b, a, { ...refuse, map });
    expect(third.dialer).toMatchObject({ outcome: "ok", received: { revisions: 2 }, refused: [] });
    expect(await content(b, "trains")).toMatchObject({ title: "Trains", owner_org: id("other") });
    expect(b.quarantine()).toEqual([]);
    expect(b.verify().findings).toEqual([]);
  });

  test("are refused when a package goes over to one, and its state here stays", async () => {
    const [a, b] = await twoSides();
    await pull(b, a, rules({ unmapped: "refuse" }));
    await set(a, "quay", { owner_org: id("rail"), title: "Railway quay" });
    expect((await pull(b, a)).dialer.refused).toHaveLength(1);
    expect(await content(b, "quay")).toEqual({ name: "quay", owner_org: id("port") });
  });

  test("are known by a name that comes later than the package", async () => {
    const [a, b] = [memoryStore("a"), memoryStore("b")];
    await put(b, "organization", { name: "port" });
    await package_(a, "quay", "board");
    await put(a, "organization", { name: "board" });
    const { dialer } = await pull(b, a, rules({ unmapped: "refuse" }));
    expect(dialer).toMatchObject({ outcome: "ok", refused: [] });
    expect(await owner(b, "quay")).toBe("port");
  });
});

describe("rules that do not hold any more", () => {
  test("end the run before anything comes, and say what to do", async () => {
    const [a, b] = await twoSides();
    await b.author({
      ...{ author: "bo", message: "" },
      changes: [{ kind: "delete", object: id("port") }],
    });
    const { dialer } = await pull(b, a, rules());
    expect(dialer).toMatchObject({
      outcome: "failed",
      error: { code: "OBJECT_NOT_FOUND", hint: expect.stringContaining("link map") },
    });
    expect(await owner(b, "quay")).toBeUndefined();
    await b.author({
      ...{ author: "bo", message: "" },
      changes: [{ kind: "undelete", object: id("port") }],
    });
    expect((await pull(b, a)).dialer.outcome).toBe("ok");
    expect(await owner(b, "quay")).toBe("port");
  });

  test("two organizations of one name are told apart by their ids", async () => {
    const [a, b] = await twoSides();
    const twin = { name: "board", title: "Another" };
    const change = { kind: "put", type: "organization", content: twin, mode: "create" } as const;
    await a.author({ author: "ann", message: "", changes: [{ ...change, object: id("twin") }] });
    const { dialer } = await pull(b, a, rules());
    expect(dialer.error).toMatchObject({ code: "OBJECT_AMBIGUOUS" });
  });
});

describe("a peer that pushes", () => {
  /** B knows A from a pull, with rules on that link. */
  async function known(): Promise<[a: MemoryStore, b: MemoryStore]> {
    const [a, b] = await twoSides();
    await pull(b, a, rules({ unmapped: "refuse" }));
    await package_(a, "pier", "board");
    await package_(a, "lines", "rail");
    return [a, b];
  }

  test("has its packages mapped by the link to it", async () => {
    const [a, b] = await known();
    const { dialer, acceptor } = await syncOnce(a, b, "push");
    expect(dialer.outcome).toBe("ok");
    expect(acceptor).toMatchObject({ refused: [{ code: "ORGANIZATION_UNMAPPED" }] });
    expect([await owner(b, "pier"), await owner(b, "lines")]).toEqual(["port", undefined]);
  });

  test("may not do both: the mapping would come back", async () => {
    const [a, b] = await known();
    const { dialer } = await syncOnce(a, b, "both");
    expect(dialer).toMatchObject({ error: { code: "NOT_ALLOWED" } });
    expect(dialer.error?.hint).toMatch(/one direction/);
    expect(await owner(a, "quay")).toBe("board");
  });
});

test("a live session maps each package when it comes", async () => {
  const [a, b] = await twoSides();
  await b.saveLink(linkRow("pull", { mode: "live", organizations: rules() }));
  const session = await liveSession(b, a, "pull");
  expect(await owner(b, "quay")).toBe("port");
  for (const name of ["pier", "mole", "lock"]) {
    await package_(a, name, "board");
    await until(async () => (await owner(b, name)) === "port");
  }
  session.stop("dialer");
  expect(await session.dialer).toMatchObject({ outcome: "ok" });
  expect(await mappings(b)).toHaveLength(4);
  expect((await pull(b, a)).frames).toEqual([">hello", "<welcome"]);
});
