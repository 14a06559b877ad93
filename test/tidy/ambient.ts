/**
 * The rule that time, randomness and input/output enter through ports, so that the simulator can
 * run the production code: finds each use of the machine and asks the table whether it may be.
 */
import { type AmbientUse, allowances } from "./allowed.ts";
import { importsOf } from "./imports.ts";
import {
  isSyntaxNode,
  type Place,
  type Rule,
  type SourceFile,
  type SyntaxNode,
  syntaxTree,
  violation,
  walk,
} from "./source.ts";

/** What a name from nowhere stands for: a global, or a member of one. */
const globals: Readonly<Record<string, AmbientUse>> = {
  "Date.now": "time",
  "performance.now": "time",
  "performance.timeOrigin": "time",
  "process.hrtime": "time",
  "process.uptime": "time",
  setTimeout: "timers",
  setInterval: "timers",
  setImmediate: "timers",
  "process.nextTick": "timers",
  "Math.random": "randomness",
  "crypto.randomUUID": "randomness",
  "crypto.randomBytes": "randomness",
  "crypto.randomInt": "randomness",
  "crypto.getRandomValues": "randomness",
  fetch: "network",
  WebSocket: "network",
  "process.env": "process",
  "process.argv": "process",
  "process.cwd": "process",
  "process.exit": "process",
  "process.stdin": "process",
  "process.stdout": "process",
  "process.stderr": "process",
  console: "console",
};

/** What a module stands for; `node:fs` covers `node:fs/promises`. */
const modules: Readonly<Record<string, AmbientUse>> = {
  "node:fs": "files",
  "better-sqlite3": "files",
  "node:net": "network",
  "node:tls": "network",
  "node:dns": "network",
  "node:dgram": "network",
  "node:http": "network",
  "node:https": "network",
  "node:http2": "network",
  ws: "network",
  fastify: "network",
  "node:worker_threads": "workers",
  "node:child_process": "workers",
  "node:cluster": "workers",
  "node:timers": "timers",
  "node:perf_hooks": "time",
  "node:process": "process",
  "node:console": "console",
};

/** What some names of an otherwise harmless module stand for. */
const members: Readonly<Record<string, RegExp>> = {
  "node:crypto": /^(\*|random|getRandomValues|webcrypto|generateKey)/,
  uuid: /^(\*|v1|v4|v6|v7)$/,
};

interface Use {
  readonly what: AmbientUse;
  readonly text: string;
  readonly offset: number;
}

export const ambientUseIsAllowed: Rule = (file) =>
  [...importedUses(file), ...globalUses(file)]
    .filter((use) => !isAllowed(file.path, use.what))
    .map((use) => violation(file, use.offset, `${use.text} (${use.what}) outside a port`));

function isAllowed(path: string, what: AmbientUse): boolean {
  return allowances.some(({ paths, uses }) => {
    return uses.includes(what) && paths.some((prefix) => path.startsWith(prefix));
  });
}

function importedUses(file: SourceFile): Use[] {
  return importsOf(file)
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .flatMap(({ specifier, names, offset }) => {
      const parts = specifier.split("/");
      const what = modules[specifier] ?? modules[parts[0] ?? ""];
      if (what) return [{ what, text: specifier, offset }];
      const found = names.find((name) => members[specifier]?.test(name));
      return found ? [{ what: "randomness", text: `${found} of ${specifier}`, offset }] : [];
    });
}

function globalUses(file: SourceFile): Use[] {
  const nodes = [...walk(syntaxTree(file))];
  const bound = new Set(nodes.filter(isBinding).map(({ node }) => node.name));
  return nodes.flatMap((place) => {
    const { node } = place;
    if (isDateOfNow(node)) return [{ what: "time", text: "new Date()", offset: node.start }];
    const name = nameOf(place);
    if (name === undefined || bound.has(name.split(".")[0])) return [];
    const what = Object.hasOwn(globals, name) ? globals[name] : undefined;
    return what ? [{ what, text: name, offset: node.start }] : [];
  });
}

/** A name that the file makes itself is no global there: a parameter, a variable, an import. */
function isBinding({ node, key }: Place): boolean {
  return node.type === "Identifier" && (key === "local" || key === "params" || key === "id");
}

/** `new Date()` and `Date()`: the present, while `new Date(ms)` is only a conversion. */
function isDateOfNow(node: SyntaxNode): boolean {
  const isCall = node.type === "CallExpression";
  if (!isCall && node.type !== "NewExpression") return false;
  const isDate = isSyntaxNode(node.callee) && plainName(node.callee) === "Date";
  return isDate && (isCall || (Array.isArray(node.arguments) && node.arguments.length === 0));
}

/** `a.b` for a member of a global, `a` for a name that is read at run time. */
function nameOf({ node, parent, key }: Place): string | undefined {
  if (node.type === "MemberExpression") return memberName(node);
  if (node.type !== "Identifier") return undefined;
  return notRead.has(key) && parent?.computed !== true ? undefined : plainName(node);
}

/** Where an identifier is the name of a member or of a type, and reads nothing. */
const notRead: ReadonlySet<string> = new Set([
  "property",
  "key",
  "label",
  "imported",
  "exported",
  "typeName",
  "exprName",
]);

function memberName(node: SyntaxNode): string | undefined {
  if (!isSyntaxNode(node.object) || !isSyntaxNode(node.property)) return undefined;
  const owner = plainName(node.object);
  const member = node.computed ? node.property.value : node.property.name;
  return owner === "globalThis" ? String(member) : owner && `${owner}.${member}`;
}

/** The name of an identifier, or of one reached through `globalThis`. */
function plainName(node: SyntaxNode): string | undefined {
  if (node.type === "Identifier") return String(node.name);
  if (node.type !== "MemberExpression" || !isSyntaxNode(node.object)) return undefined;
  return node.object.name === "globalThis" ? memberName(node) : undefined;
}
