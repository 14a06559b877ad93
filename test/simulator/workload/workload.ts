import type { Json, JsonObject } from "../../../src/base/json.ts";
import { isJsonObject } from "../../../src/base/json.ts";
import { MESSAGE_CHARS_MAX } from "../../../src/base/limits.ts";
import { fromCkan } from "../../../src/catalog/index.ts";
import type { AuthorCommand, Change } from "../../../src/log/author.ts";
import type { ObjectRow } from "../../../src/store/rows.ts";
import type { Prng } from "../random/prng.ts";
import {
  type DumpedObject,
  drawDump,
  drawFields,
  drawObject,
  drawScalar,
  perturbed,
} from "./dump.ts";
import { drawName, drawText } from "./texts.ts";

const CHANGES_MAX = 5;

/** What the people of a simulated world do: draws one command after the other. */
export class Workload {
  readonly #random: Prng;
  readonly #dump: readonly DumpedObject[];

  constructor(random: Prng) {
    this.#random = random;
    this.#dump = drawDump(random);
  }

  /** Something that a person at an instance with these objects may want. */
  draw(objects: readonly ObjectRow[]): AuthorCommand {
    const random = this.#random;
    const author = random.pick(["ann", "bo", "\u00e9"]);
    const message = drawText(random).slice(0, MESSAGE_CHARS_MAX);
    return { author, message, changes: this.#changes(objects) };
  }

  #changes(objects: readonly ObjectRow[]): readonly Change[] {
    const random = this.#random;
    const empty = objects.length === 0;
    const kind = random.weighted({ import: empty ? 6 : 1, create: 2, edit: empty ? 0 : 8 });
    if (kind === "import") return this.#import();
    if (kind === "create") return puts(drawObject(random), "create");
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
    switch (random.weighted({ set: 5, patch: 4, rename: 1, delete: 1, undelete: 0.2 })) {
      case "set":
        return { kind: "set", object: id, value: drawSet(object.type, random), ...stale };
      case "patch":
        return { kind: "patch", object: id, patch: drawPatch(object, random), ...stale };
      case "rename":
        return { kind: "rename", object: id, name: drawName(random), ...stale };
      case "delete":
        return { kind: "delete", object: id, ...stale };
      case "undelete":
        return { kind: "undelete", object: id, ...stale };
    }
  }
}

function puts({ type, value }: DumpedObject, mode: "create" | "replace" | "absent"): Change[] {
  const { object, embedded } = fromCkan(type, value);
  return [
    ...embedded.map((found) => put(found.id, found.type, found.content, "absent")),
    put(object.id, type, object.content, mode),
  ];
}

function put(
  object: Change["object"],
  type: string,
  content: JsonObject,
  mode: "create" | "replace" | "absent",
): Change {
  return { kind: "put", object, type, content, mode };
}

function drawSet(type: string, random: Prng): JsonObject {
  if (type === "package") return drawFields(random);
  return { [random.pick(["title", "description"])]: drawText(random) };
}

/** A patch on the stored document that mostly applies. */
function drawPatch({ text }: ObjectRow, random: Prng): Json {
  const paths = leafPaths(JSON.parse(text) as JsonObject, "");
  const operations = random.between(1, 3);
  return Array.from({ length: operations }, () => drawOperation(paths, random));
}

function drawOperation(paths: readonly string[], random: Prng): Json {
  const path = random.pick(["/title", "/notes", "/extras/a", "/extras/b", ...paths]);
  const op = random.weighted({ add: 4, replace: 2, remove: 2, test: 0.2, copy: 0.5 });
  if (op === "remove") return { op, path };
  if (op === "copy") return { op, from: path, path: "/copied" };
  return { op, path, value: drawScalar(random) };
}

function leafPaths(value: JsonObject, path: string): string[] {
  return Object.entries(value).flatMap(([key, member]) => {
    const inner = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return isJsonObject(member) ? leafPaths(member, inner) : [inner];
  });
}
