// Proves that src/ keeps the rules of its house (imports downwards, small files and functions,
// ambient time, randomness and I/O only in ports, plain form), and that each rule can fail: it
// finds a violation planted for it and leaves the allowed neighbor alone.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ambientUseIsAllowed } from "./tidy/ambient.ts";
import {
  exportsAreNamed,
  namesAreKebabCase,
  nothingIsLeftToDo,
  relativeImportsNameTheFile,
  thereAreNoEnums,
} from "./tidy/form.ts";
import { importsPointDownwards } from "./tidy/layers.ts";
import { filesAreShort, functionsAreShort } from "./tidy/size.ts";
import { type Rule, readSources } from "./tidy/source.ts";

const rules: Readonly<Record<string, Rule>> = {
  importsPointDownwards,
  filesAreShort,
  functionsAreShort,
  ambientUseIsAllowed,
  namesAreKebabCase,
  relativeImportsNameTheFile,
  exportsAreNamed,
  thereAreNoEnums,
  nothingIsLeftToDo,
};

describe("src/", () => {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const sources = readSources(root, "src").filter(({ path }) => path.endsWith(".ts"));

  test.each(Object.entries(rules))("%s", (_name, rule) => {
    expect(sources.flatMap(rule)).toEqual([]);
  });
});

function found(rule: Rule, path: string, text: string): string[] {
  return rule({ path, text });
}

describe("importsPointDownwards", () => {
  test.each([
    ["src/base/ids.ts", `import { merge } from "../merge/merge.ts";`],
    ["src/base/ids.ts", `import type { Merge } from "../merge/merge.ts";`],
    ["src/base/ids.ts", `export { merge } from "../merge/merge.ts";`],
    ["src/base/ids.ts", `export * from "../merge/merge.ts";`],
    ["src/base/ids.ts", `const merge = await import("../merge/merge.ts");`],
    ["src/base/ids.ts", `export type M = import("../merge/merge.ts").Merge;`],
    ["src/protocol/hello.ts", `import { open } from "../instance/open.ts";`],
    ["src/protocol/hello.ts", `import { merge } from "../merge/merge.ts";`],
    ["src/oracle/evaluate.ts", `import { decide } from "../merge/decide.ts";`],
    ["src/index.ts", `export { serve } from "./server/serve.ts";`],
    ["src/sync/session.ts", `import { openInstance } from "../index.ts";`],
    ["src/cli/main.ts", `import { helper } from "../../test/helper.ts";`],
    ["src/misc/thing.ts", ""],
  ])("refuses in %s: %s", (path, text) => {
    expect(found(importsPointDownwards, path, text)).toHaveLength(1);
  });

  test.each([
    ["src/merge/merge.ts", `import { a } from "../base/ids.ts"; import b from "./names.ts";`],
    ["src/base/ports/clock.ts", `import { a } from "../ids.ts";`],
    ["src/protocol/hello.ts", `import { a } from "../model/revision.ts";`],
    ["src/index.ts", `export { openInstance } from "./instance/open.ts";`],
    ["src/cli/main.ts", `import { openInstance } from "../index.ts";`],
    ["src/base/ids.ts", `const text = 'import { merge } from "../merge/merge.ts"';`],
  ])("accepts in %s: %s", (path, text) => {
    expect(found(importsPointDownwards, path, text)).toEqual([]);
  });
});

describe("filesAreShort and functionsAreShort", () => {
  const lines = (count: number) => "x();\n".repeat(count);

  test("a file has at most 400 lines", () => {
    expect(found(filesAreShort, "src/base/a.ts", lines(400))).toEqual([]);
    expect(found(filesAreShort, "src/base/a.ts", lines(401))).toEqual([
      "src/base/a.ts:1 has 401 lines, over 400",
    ]);
  });

  test.each([
    ["function", "export function f(): void {\n", "}\n"],
    ["arrow", "export const f = (): void => {\n", "};\n"],
    ["method", "const text = `{`; class A { // }\n async *f() {\n", "}}\n"],
  ])("a function has fewer than 70 lines: %s", (_kind, head, tail) => {
    expect(found(functionsAreShort, "src/base/a.ts", head + lines(67) + tail)).toEqual([]);
    expect(found(functionsAreShort, "src/base/a.ts", head + lines(68) + tail)).toEqual([
      expect.stringContaining("function of 70 lines, over 69"),
    ]);
  });
});

describe("ambientUseIsAllowed", () => {
  test.each([
    "const t = Date.now();",
    "const now = Date.now;",
    "const t = globalThis.Date.now();",
    'const t = Date["now"]();',
    "const t = new Date();",
    "const t = Date();",
    "const t = performance.now();",
    "const r = Math.random();",
    "setTimeout(f, 1);",
    "globalThis.setTimeout(f, 1);",
    "const timers = { setTimeout };",
    "setInterval(f, 1);",
    "setImmediate(f);",
    "crypto.randomUUID();",
    "const home = process.env.HOME;",
    "console.log(1);",
    'await fetch("http://a.example");',
    `import { readFileSync } from "node:fs";`,
    `import { readFile } from "node:fs/promises";`,
    `import net from "node:net";`,
    `import { createServer } from "node:http";`,
    `import { Worker } from "node:worker_threads";`,
    `const { readFile } = await import("node:fs/promises");`,
    `import { randomUUID } from "node:crypto";`,
    `import { createHash, randomBytes as bytes } from "node:crypto";`,
    `import * as crypto from "node:crypto";`,
    `import { v4 } from "uuid";`,
    `import { WebSocket as Socket } from "ws";`,
  ])("refuses %s", (text) => {
    expect(found(ambientUseIsAllowed, "src/merge/a.ts", text)).toHaveLength(1);
  });

  test.each([
    "const t = new Date(ms).toISOString();",
    "const t = clock.now(); clock.setTimeout(f, 1);",
    "export interface Clock { setTimeout(f: () => void, ms: number): void }",
    "const table = { console: 1, fetch: 2 };",
    "export function load(fetch: Fetch): void { fetch(); }",
    "let timer: ReturnType<typeof setTimeout>;",
    "// Date.now() is banned here",
    `const text = "Math.random()";`,
    `import { createHash } from "node:crypto";`,
    `import type { Socket } from "node:net";`,
    `import { v5 } from "uuid";`,
    `import { join } from "node:path";`,
  ])("accepts %s", (text) => {
    expect(found(ambientUseIsAllowed, "src/merge/a.ts", text)).toEqual([]);
  });

  test("accepts each use in the rooms of the table, and only there", () => {
    const text = "const t = Date.now();";
    expect(found(ambientUseIsAllowed, "src/base/ports/clock.ts", text)).toEqual([]);
    expect(found(ambientUseIsAllowed, "src/store/sqlite/store.ts", text)).toEqual([
      "src/store/sqlite/store.ts:1 Date.now (time) outside a port",
    ]);
  });
});

/** With the rule's name in front, for the title of the test. */
function named(rows: [Rule, string, string][]): [string, string, string, Rule][] {
  return rows.map(([rule, path, text]) => [rule.name, path, text, rule]);
}

describe("the rules on form", () => {
  test.each(
    named([
      [namesAreKebabCase, "src/base/objectId.ts", ""],
      [namesAreKebabCase, "src/base/object_id.ts", ""],
      [namesAreKebabCase, "src/Base/ids.ts", ""],
      [relativeImportsNameTheFile, "src/base/a.ts", `import { b } from "./b";`],
      [relativeImportsNameTheFile, "src/base/a.ts", `export * from "./b.js";`],
      [exportsAreNamed, "src/base/a.ts", "export default function f() {}"],
      [exportsAreNamed, "src/base/a.ts", "const a = 1; export { a as default };"],
      [thereAreNoEnums, "src/base/a.ts", "export enum Color { red }"],
      [thereAreNoEnums, "src/base/a.ts", "declare const enum Color { red }"],
      [nothingIsLeftToDo, "src/base/a.ts", `// ${"TO"}DO: later`],
      [nothingIsLeftToDo, "src/base/a.ts", `/* ${"FIX"}ME */`],
    ]),
  )("%s refuses %s: %s", (_name, path, text, rule) => {
    expect(found(rule, path, text)).toHaveLength(1);
  });

  test.each(
    named([
      [namesAreKebabCase, "src/base/object-id.ts", ""],
      [relativeImportsNameTheFile, "src/base/a.ts", `import { b } from "./b.ts"; import "zod";`],
      [exportsAreNamed, "src/base/a.ts", `const text = "export default 1"; export { text };`],
      [thereAreNoEnums, "src/base/a.ts", "const schema = z.enum(['a']);"],
      [nothingIsLeftToDo, "src/base/a.ts", "// what is still to do is in docs"],
    ]),
  )("%s accepts %s: %s", (_name, path, text, rule) => {
    expect(found(rule, path, text)).toEqual([]);
  });
});
