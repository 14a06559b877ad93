/** The rule that imports point only downwards. */
import { posix } from "node:path";
import { importsOf } from "./imports.ts";
import { type Rule, violation } from "./source.ts";

/** The folders of src/, bottom up. A file imports its own folder and the folders before it. */
export const layers: readonly string[] = [
  "base",
  "model",
  "merge",
  "names",
  "catalog",
  "scope",
  "log",
  "store",
  "search",
  "protocol",
  "sync",
  "instance",
  "index.ts",
  "server",
  "demo",
  "oracle",
  "scenario",
  "cli",
];

/** Folders that may import less than their place in the order allows. */
const narrower: Readonly<Record<string, readonly string[]>> = {
  // Another implementation has to be able to speak the protocol without our storage or engine.
  protocol: ["base", "model"],
  // What checks the engine must not share its errors.
  oracle: ["base", "model"],
};

export const importsPointDownwards: Rule = (file) => {
  const from = layerOf(file.path);
  if (from === undefined) {
    return [violation(file, 0, `is in no layer; the layers are ${layers.join(", ")}`)];
  }
  const allowed = narrower[from] ?? layers.slice(0, layers.indexOf(from));
  return importsOf(file)
    .filter(({ specifier }) => specifier.startsWith("."))
    .flatMap(({ specifier, offset }) => {
      const to = layerOf(posix.join(posix.dirname(file.path), specifier));
      if (to !== undefined && (to === from || allowed.includes(to))) return [];
      const target = to ?? "outside the layers";
      return [violation(file, offset, `${from} may not import ${target} ("${specifier}")`)];
    });
};

function layerOf(path: string): string | undefined {
  const [top, layer] = path.split("/");
  return top === "src" && layer !== undefined && layers.includes(layer) ? layer : undefined;
}
