/** What the tidy rules look at: a file of src/ as text and as a syntax tree. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "vitest/node";

export interface SourceFile {
  /** From the repository root, with forward slashes: `src/base/ids.ts`. */
  readonly path: string;
  readonly text: string;
}

/** One broken rule, as `path:line message`. */
export type Violation = string;

/** A rule is a pure function of one file, so that a planted violation can test it. */
export type Rule = (file: SourceFile) => Violation[];

/** A node of the ESTree that the test runner's own parser makes, TypeScript nodes included. */
export interface SyntaxNode {
  readonly type: string;
  /** Offsets into the text, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export function readSources(root: string, folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path: path.slice(root.length + 1).replaceAll("\\", "/"),
      text: readFileSync(path, "utf8"),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

const trees = new WeakMap<SourceFile, SyntaxNode>();

export function syntaxTree(file: SourceFile): SyntaxNode {
  const known = trees.get(file);
  if (known) return known;
  const tree = parseAst(file.text, { lang: "ts" }, file.path) as unknown as SyntaxNode;
  trees.set(file, tree);
  return tree;
}

/** A node and where it hangs: `parent[key]` is the node, or a list with the node in it. */
export interface Place {
  readonly node: SyntaxNode;
  readonly parent: SyntaxNode | undefined;
  readonly key: string;
}

/** Every node below `node`, itself included. */
export function* walk(node: SyntaxNode, parent?: SyntaxNode, key = ""): Generator<Place> {
  yield { node, parent, key };
  for (const [childKey, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isSyntaxNode(child)) yield* walk(child, node, childKey);
    }
  }
}

export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

export function violation(file: SourceFile, offset: number, message: string): Violation {
  return `${file.path}:${lineAt(file.text, offset)} ${message}`;
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
