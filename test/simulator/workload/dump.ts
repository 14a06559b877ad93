import { namedId } from "../../../src/base/ids.ts";
import type { Json, JsonObject, MutableJsonObject } from "../../../src/base/json.ts";
import type { Prng } from "../../../src/scenario/random/prng.ts";
import { drawName, drawText } from "./texts.ts";

/** An object in CKAN's form, with its type. */
export interface DumpedObject {
  readonly type: string;
  readonly value: JsonObject;
}

const TAGS = ["water", "Water", "e\u0301", "\u00e9", "犬", "a tag, odd!"];
const GROUPS = ["health", "transport"];
const ORGANIZATIONS = ["harbor-office", "city"];
const USERS = ["ann", "bo"];
const PACKAGES = ["pump", "quay", "lock"];

/** The names of the dump, by type: whoever takes one of them again meets with its object. */
export const CATALOG_NAMES: Readonly<Record<NamedType, readonly string[]>> = {
  group: GROUPS,
  organization: ORGANIZATIONS,
  user: USERS,
  package: PACKAGES,
  tag: TAGS,
};
type NamedType = "group" | "organization" | "user" | "package" | "tag";

/**
 * The catalog that every seed starts from: objects of all types, with the same ids wherever the
 * dump is imported. Several instances import it, each perhaps a little changed.
 */
export function drawDump(random: Prng): DumpedObject[] {
  const named = (type: string, names: readonly string[]): DumpedObject[] =>
    names.map((name) => ({ type, value: { name, title: drawText(random) } }));
  return [
    ...named("group", GROUPS),
    ...named("organization", ORGANIZATIONS),
    ...named("user", USERS),
    ...PACKAGES.map((name) => ({ type: "package", value: drawPackage(random, name) })),
    { type: "vocabulary", value: { name: "themes", tags: ["sea", "land"] } },
    { type: "membership", value: { group: "health", table: "user", object: "ann" } },
    { type: "membership", value: { group: "city", table: "package", object: "pump" } },
    { type: "role", value: { package_id: "pump", user_id: "ann", capacity: "editor" } },
    {
      type: "role",
      value: { table: "organization", object: "city", group: "city", role: "admin" },
    },
    { type: "rating", value: drawRating(random, "ann", "pump") },
    { type: "rating", value: drawRating(random, "bo", "quay") },
  ];
}

/** The same object as another site may have it: one field differs. */
export function perturbed({ type, value }: DumpedObject, random: Prng): DumpedObject {
  return { type, value: { ...value, ...drawSet(type, random) } };
}

/** What an edit gives to an object of a type, in CKAN's form. */
export function drawSet(type: string, random: Prng): JsonObject {
  if (type === "package") return drawFields(random);
  if (type === "rating") return { rating: random.between(1, 5) };
  if (type === "role") return { role: random.pick(["reader", "editor", "admin"]) };
  return { [random.pick(["title", "description"])]: drawText(random) };
}

/** The same rating wherever it is given: instances rate differently, and meet. */
function drawRating(random: Prng, user: string, rated: string): JsonObject {
  return { user, package: rated, rating: random.between(1, 5) };
}

export function drawPackage(random: Prng, name: string): JsonObject {
  const value: MutableJsonObject = { name, title: drawText(random), notes: drawText(random) };
  if (random.chance(0.5)) value.owner_org = random.pick(ORGANIZATIONS);
  return {
    ...value,
    ...drawFields(random),
    ...drawFields(random),
    resources: drawResources(random),
  };
}

/** What makes a package enter scopes, and leave them. */
export function drawMove(random: Prng): JsonObject {
  switch (random.weighted({ owner: 3, groups: 2, tags: 2, private: 2, draft: 1 })) {
    case "owner":
      return { owner_org: random.pick([...ORGANIZATIONS, null]) };
    case "groups":
      return { groups: some(random, GROUPS) };
    case "tags":
      return { tags: some(random, TAGS) };
    case "private":
      return { private: random.chance(0.5) };
    case "draft":
      return { state: random.pick(["draft", "active"]) };
  }
}

/** Some other object, with an id of its own. */
export function drawObject(random: Prng): DumpedObject {
  const types = { package: 4, tag: 1, group: 1, organization: 1, user: 1, role: 0.5, rating: 0.5 };
  const type = random.weighted(types);
  if (type === "rating") {
    return { type, value: drawRating(random, random.pick(USERS), drawName(random)) };
  }
  if (type === "role") {
    const ends = { table: "package", object: drawName(random), user: random.pick(USERS) };
    return { type, value: { ...ends, ...drawSet(type, random) } };
  }
  const name = drawNameFor(type, random);
  const id = namedId("simulated", random.next(), random.next());
  if (type === "package") return { type, value: { ...drawPackage(random, name), id } };
  return { type, value: { name, id, title: drawText(random) } };
}

/** Groups and organizations share a name space. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  ...CATALOG_NAMES,
  organization: [...ORGANIZATIONS, ...GROUPS],
};

/** A name for an object: half of the time one that is taken, perhaps. */
export function drawNameFor(type: string, random: Prng): string {
  const names = NAMES[type];
  return names === undefined || random.chance(0.5) ? drawName(random) : random.pick(names);
}

/** One or a few fields of a package in CKAN's form. */
export function drawFields(random: Prng): JsonObject {
  switch (random.weighted({ scalar: 4, tags: 2, groups: 1, extras: 2, resources: 2 })) {
    case "scalar":
      return { [random.pick(["title", "notes", "url", "version"])]: drawScalar(random) };
    case "tags":
      return { tags: some(random, TAGS) };
    case "groups":
      return { groups: some(random, GROUPS) };
    case "extras":
      return { extras: Object.fromEntries(some(random, ["a", "b", "~/"]).map(extraOf(random))) };
    case "resources":
      return { resources: drawResources(random) };
  }
}

function extraOf(random: Prng): (key: string) => [string, string] {
  return (key) => [key, drawText(random)];
}

export function drawScalar(random: Prng): Json {
  if (random.chance(0.7)) return drawText(random);
  return random.pick<Json>([null, true, 0, -1, 1.5, 2 ** 53 - 1, 5e-324, ["a", ["b"], {}]]);
}

/** A few resources: the ids are few, so that instances meet in the same one. */
function drawResources(random: Prng): JsonObject[] {
  return some(random, ["1", "2", "3"]).map((digit) => ({
    id: `${digit.repeat(8)}-0000-4000-8000-000000000000`,
    name: drawText(random),
    format: random.pick(["CSV", "JSON", ""]),
  }));
}

function some<T>(random: Prng, items: readonly T[]): T[] {
  const chosen = items.filter(() => random.chance(0.5));
  return random.chance(0.5) ? chosen : chosen.reverse();
}
