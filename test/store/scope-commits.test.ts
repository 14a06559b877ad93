// Proves that finding out that nobody entered or left a scope writes nothing, counted in commits as
// SQLite counts them, and that what only the process knew is found again after it died.
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { SCOPE_UNSAVED_MAX } from "../../src/base/limits.ts";
import { parseScope } from "../../src/scope/parse-scope.ts";
import { scopeHash, scopeText } from "../../src/scope/scope.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { command, identity, put, setField, testPorts } from "./helpers.ts";
import { uuid } from "./records.ts";

removeFoldersAfterwards();

const [GROUP, IN, OUT, TAG] = [uuid<never>(1), uuid<never>(2), uuid<never>(3), uuid<never>(4)];
const PARKS = parseScope({ groups: ["parks"] });
const ALL = parseScope({});
const refTo = (scope: typeof PARKS) => ({ hash: scopeHash(scope), text: scopeText(scope) });

function made(): { readonly store: SqliteStore; readonly commits: () => number } {
  const file = newFile();
  const store = SqliteStore.create(file, { identity: identity(1), ...testPorts(1) });
  onTestFinished(() => store.close());
  const groups = { groups: { [GROUP]: true } };
  store.author(
    command(
      put(GROUP, { name: "parks" }, "create", "group"),
      put(TAG, { name: "water" }, "create", "tag"),
      put(IN, { name: "in", tags: { [TAG]: true }, ...groups }, "create", "package"),
      put(OUT, { name: "out" }, "create", "package"),
    ),
  );
  const other = new Database(file);
  onTestFinished(() => void other.close());
  const version = other.prepare("PRAGMA data_version").pluck();
  let [count, last] = [0, version.get()];
  // The number changes with each commit of somebody else's since it was asked for last.
  const commits = (): number => {
    const now = version.get();
    if (now !== last) count += 1;
    last = now;
    return count;
  };
  return { store, commits };
}

/** How many commits an evaluation makes. */
function evaluated({ store, commits }: ReturnType<typeof made>, scope = PARKS): number {
  const before = commits();
  expect(store.evaluateScope(refTo(scope))).toMatchObject({ isCurrent: true });
  return commits() - before;
}

test.each([
  ["of a group", PARKS],
  ["of everything public", ALL],
])("an edit that moves nobody costs no commit: %s", (_what, scope) => {
  const here = made();
  expect(evaluated(here, scope)).toBe(1);
  for (let edit = 0; edit < 20; edit++) {
    const before = here.commits();
    here.store.author(command(setField(IN, "title", `${edit}`), setField(OUT, "title", `${edit}`)));
    expect(here.commits()).toBe(before + 1);
    expect(evaluated(here, scope)).toBe(0);
    expect(evaluated(here, scope)).toBe(0);
  }
});

test("who enters or leaves, and what is tied to whom, is written down", () => {
  const here = made();
  evaluated(here);
  const groups = { op: "add", path: "/groups", value: { [GROUP]: true } };
  here.store.author(command({ kind: "patch", object: OUT, patch: [groups] }));
  expect(evaluated(here)).toBe(1);
  here.store.author(
    command({ kind: "patch", object: IN, patch: [{ op: "remove", path: "/tags" }] }),
  );
  expect(evaluated(here)).toBe(1);
  here.store.author(command({ kind: "delete", object: OUT }));
  expect(evaluated(here)).toBe(0);
  here.store.author(command({ kind: "purge", object: OUT, reason: "" }));
  expect(evaluated(here)).toBe(1);
  expect(evaluated(here)).toBe(0);
});

test("now and then it writes all the same, so that a start has little to look at again", () => {
  const here = made();
  evaluated(here);
  let commits = 0;
  for (let edit = 0; edit < SCOPE_UNSAVED_MAX / 50 + 1; edit++) {
    const changes = Array.from({ length: 50 }, (_, n) => setField(OUT, "title", `${edit} ${n}`));
    here.store.author(command(...changes));
    commits += evaluated(here);
  }
  expect(commits).toBe(1);
});
