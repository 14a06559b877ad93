import type { InstanceId } from "../../../src/base/ids.ts";
import type { Json, JsonObject } from "../../../src/base/json.ts";
import { isJsonObject } from "../../../src/base/json.ts";
import { MESSAGE_CHARS_MAX } from "../../../src/base/limits.ts";
import { fromCkan } from "../../../src/catalog/index.ts";
import type { AuthorCommand, Change } from "../../../src/log/author.ts";
import type { Prng } from "../../../src/scenario/random/prng.ts";
import type { ConflictRow, ObjectRow } from "../../../src/store/rows.ts";
import type { PolicyChange } from "../../../src/store/store.ts";
import {
  type DumpedObject,
  drawDump,
  drawMove,
  drawNameFor,
  drawObject,
  drawScalar,
  drawSet,
  perturbed,
} from "./dump.ts";
import { drawPolicy } from "./policies.ts";
import { drawText } from "./texts.ts";

const CHANGES_MAX = 5;

/** What a person sees before doing something. */
export interface Seen {
  readonly objects: readonly ObjectRow[];
  /** Those that are open. */
  readonly conflicts: readonly ConflictRow[];
}

export interface WorkloadOptions {
  /** Objects are also removed for good. */
  readonly removes: boolean;
  /** Packages enter the scopes of links, and leave them. */
  readonly parts: boolean;
}

/** What the people of a simulated world do: draws one command after the other. */
export class Workload {
  readonly #random: Prng;
  readonly #dump: readonly DumpedObject[];
  readonly #options: WorkloadOptions;

  constructor(random: Prng, options: WorkloadOptions) {
    this.#random = random;
    this.#options = options;
    this.#dump = drawDump(random);
  }

  /** Something that a person who sees this may want. */
  draw(seen: Seen): AuthorCommand {
    const random = this.#random;
    const author = random.pick(["ann", "bo", "\u00e9"]);
    const message = drawText(random).slice(0, MESSAGE_CHARS_MAX);
    return { author, message, changes: this.#changes(seen) };
  }

  drawPolicyChange(instances: readonly InstanceId[]): PolicyChange {
    const policy = drawPolicy(instances, this.#random);
    return { author: "ann", message: "", policy };
  }

  #changes({ objects, conflicts }: Seen): readonly Change[] {
    const random = this.#random;
    const empty = objects.length === 0;
    const named = objects.filter(({ name }) => name !== null);
    const kind = random.weighted({
      import: empty ? 6 : 1,
      create: 2,
      edit: empty ? 0 : 8,
      swap: named.length < 2 ? 0 : 0.5,
      resolve: conflicts.length === 0 ? 0 : 2,
    });
    if (kind === "import") return this.#import();
    if (kind === "create") return puts(drawObject(random), "create");
    if (kind === "swap") return swap(random.pick(named), random.pick(named));
    if (kind === "resolve") return [drawResolution(random.pick(conflicts), random)];
    const packages = objects.filter(({ type, deleted }) => type === "package" && !deleted);
    if (this.#options.parts && packages.length > 0 && random.chance(0.5)) {
      return [{ kind: "set", object: random.pick(packages).id, value: drawMove(random) }];
    }
    const count = random.chance(0.75) ? 1 : random.between(2, CHANGES_MAX);
    return Array.from({ length: count }, () => this.#edit(random.pick(objects)));
  }

  /** A part of the dump, as it is or changed: other instances create the same objects. */
  #import(): Change[] {
    const random = this.#random;
    const from = random.between(0, this.#dump.length - 1);
    const to = from + random.between(1, this.#dump.length);
    const mode = random.pick(["absent", "replace"] as const);
    return this.#dump
      .slice(from, to)
      .map((object) => (random.chance(0.3) ? perturbed(object, random) : object))
      .flatMap((object) => puts(object, mode));
  }

  #edit(object: ObjectRow): Change {
    const random = this.#random;
    const { id } = object;
    const stale = random.chance(0.1) ? { ifRevision: object.revision } : {};
    if (object.deleted && random.chance(0.8)) return { kind: "undelete", object: id, ...stale };
    const removes = this.#options.removes ? 0.25 : 0;
    const weights = { set: 5, patch: 4, rename: 1, delete: 1, undelete: 0.2 };
    const kind = random.weighted({ ...weights, purge: removes, shun: removes / 3 });
    switch (kind) {
      case "set":
        return { kind, object: id, value: drawSet(object.type, random), ...stale };
      case "patch":
        return { kind, object: id, patch: drawPatch(object, random), ...stale };
      case "rename":
        return { kind, object: id, name: drawNameFor(object.type, random), ...stale };
      case "purge":
        return { kind, object: id, reason: drawText(random).slice(0, MESSAGE_CHARS_MAX), ...stale };
      default:
        return { kind, object: id, ...stale };
    }
  }
}

/** Each gets the name of the other. */
function swap(one: ObjectRow, other: ObjectRow): Change[] {
  return [
    { kind: "rename", object: one.id, name: other.name as string },
    { kind: "rename", object: other.id, name: one.name as string },
  ];
}

/** One of the candidates, mostly, or something else. */
function drawResolution({ id, object, path, candidates }: ConflictRow, random: Prng): Change {
  const { value } = random.pick(candidates);
  const decided = random.chance(0.8) ? value : drawText(random);
  const decision = decided === undefined ? {} : { value: decided };
  return { kind: "resolve", object, resolutions: [{ conflict: id, path, ...decision }] };
}

/** What an object was made from, for those who tell it again. */
const dumped = new WeakMap<Change, DumpedObject>();

export function dumpedOf(change: Change): DumpedObject | undefined {
  return dumped.get(change);
}

function puts(from: DumpedObject, mode: "create" | "replace" | "absent"): Change[] {
  const { type, value } = from;
  const { object, embedded } = fromCkan(type, value);
  const whole = put(object.id, type, object.content, mode);
  dumped.set(whole, from);
  return [...embedded.map((found) => put(found.id, found.type, found.content, "absent")), whole];
}

function put(
  object: Change["object"],
  type: string,
  content: JsonObject,
  mode: "create" | "replace" | "absent",
): Change {
  return { kind: "put", object, type, content, mode };
}

/** A patch on the stored document that mostly applies. */
function drawPatch({ text }: ObjectRow, random: Prng): Json {
  const paths = leafPaths(JSON.parse(text) as JsonObject, "");
  const operations = random.between(1, 3);
  return Array.from({ length: operations }, () => drawOperation(paths, random));
}

function drawOperation(paths: readonly string[], random: Prng): Json {
  const path = random.pick(["/title", "/notes", "/extras/a", "/extras/b", ...paths]);
  const weights = { add: 4, replace: 2, remove: 2, removeAround: 1, test: 0.2, copy: 0.5 };
  const op = random.weighted(weights);
  if (op === "remove") return { op, path };
  // A resource, or all extras, with everything inside.
  if (op === "removeAround") return { op: "remove", path: path.replace(/(?<=.)\/[^/]*$/, "") };
  if (op === "copy") return { op, from: path, path: "/copied" };
  return { op, path, value: drawScalar(random) };
}

function leafPaths(value: JsonObject, path: string): string[] {
  return Object.entries(value).flatMap(([key, member]) => {
    const inner = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return isJsonObject(member) ? leafPaths(member, inner) : [inner];
  });
}
