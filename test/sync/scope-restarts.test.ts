// Proves over random histories that a source which dies and begins again between any two steps tells
// every target what entered and left: each target ends with what somebody holds who pulls anew, and what is
// stored of the scopes is what an evaluation from nothing gives.
import { expect, test } from "vitest";
import { canonicalize } from "../../src/base/canonical.ts";
import type { InstanceId, ObjectId } from "../../src/base/ids.ts";
import type { JsonObject } from "../../src/base/json.ts";
import { Prng } from "../../src/scenario/random/prng.ts";
import { parseScope } from "../../src/scope/parse-scope.ts";
import type { LinkRow } from "../../src/store/rows.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Store } from "../../src/store/store.ts";
import { newFile, removeFoldersAfterwards } from "../store/folders.ts";
import {
  linkRow,
  memoryStore,
  range,
  seededRandom,
  syncOnce,
  tickingClock,
  uuidFor,
} from "./world.ts";

removeFoldersAfterwards();

const id = (what: string): ObjectId => uuidFor(what) as ObjectId;
const PACKAGES = range(0, 6).map((n) => `package${n}`);
const GROUPS = ["parks", "roads"];
const TAGS = ["green", "gray"];
const SCOPES: readonly JsonObject[] = [
  {},
  { private: true },
  { groups: ["parks"] },
  { tags: ["green"], types: ["package"] },
];

async function author(store: Store, ...changes: readonly object[]): Promise<void> {
  await store.author({ author: "ann", message: "m", changes: changes as never });
}

const put = (name: string, type: string, content: JsonObject) => {
  return { kind: "put", object: id(name), type, content: { name, ...content }, mode: "create" };
};

/** Something that moves an object into a scope or out of it, or neither. */
async function change(store: Store, random: Prng): Promise<void> {
  const object = id(random.pick(PACKAGES));
  const row = await store.object(object);
  const content = JSON.parse(row?.text ?? "{}") as Record<string, unknown>;
  const remove = (key: string) => (key in content ? [{ op: "remove", path: `/${key}` }] : []);
  const add = (key: string, value: unknown) => [{ op: "add", path: `/${key}`, value }];
  const ref = (names: readonly string[]) => ({ [id(random.pick(names))]: true });
  const patch = random.pick([
    () => add("title", `${random.between(0, 999)}`),
    () => add("title", `${random.between(0, 999)}`),
    () => add("groups", ref(GROUPS)),
    () => remove("groups"),
    () => add("tags", ref(TAGS)),
    () => remove("tags"),
    () => add("private", true),
    () => add("private", false),
  ])();
  if (row?.deleted === true) await author(store, { kind: "undelete", object });
  else if (random.chance(0.08)) await author(store, { kind: "delete", object });
  else if (patch.length > 0) await author(store, { kind: "patch", object, patch });
}

async function sync(here: Store, there: Store, scope: JsonObject): Promise<void> {
  const name = `l${SCOPES.indexOf(scope)}`;
  const text = canonicalize({ ...parseScope(scope) } as JsonObject);
  const set = { name, scope: text, maxRemovals: "1000", onLeave: "drop" } as const;
  const link: LinkRow = { ...linkRow("pull"), ...set, peer: (await there.identity()).instance };
  await here.saveLink(link);
  const { dialer } = await syncOnce(here, there, "pull", { link });
  expect(dialer).toMatchObject({ outcome: "ok", refused: [] });
}

test.each(range(1, 13))("seed %i", async (seed) => {
  const random = new Prng(seed, "scopes");
  const file = newFile();
  const ports = { clock: tickingClock(), random: seededRandom(`source ${seed}`) };
  const [instance, epoch] = [uuidFor("instance a") as InstanceId, uuidFor("epoch")];
  let source = SqliteStore.create(file, { identity: { instance, name: "a", epoch }, ...ports });
  for (const name of GROUPS) await author(source, put(name, "group", {}));
  for (const name of TAGS) await author(source, put(name, "tag", {}));
  for (const name of PACKAGES) await author(source, put(name, "package", {}));
  const targets = SCOPES.map((scope, at) => ({ scope, store: memoryStore(`target ${at}`) }));
  for (let step = 0; step < 60; step++) {
    const dice = random.between(0, 9);
    if (dice < 6) await change(source, random);
    else if (dice < 9) {
      const { store, scope } = random.pick(targets);
      await sync(store, source, scope);
    } else {
      source.close();
      source = SqliteStore.open(file, { mode: "write", ...ports });
    }
  }
  for (const { store, scope } of targets) {
    await sync(store, source, scope);
    const newcomer = memoryStore("newcomer");
    await sync(newcomer, source, scope);
    expect(store.digest()).toBe(newcomer.digest());
    expect(store.verify().findings).toEqual([]);
  }
  expect(source.verify().findings).toEqual([]);
  source.close();
});
