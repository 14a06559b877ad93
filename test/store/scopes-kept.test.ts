// Proves that an instance remembers a bounded number of scopes, and forgets none for another.
import { expect, test } from "vitest";
import { SCOPES_KEPT_MAX } from "../../src/base/limits.ts";
import { parseScope } from "../../src/scope/parse-scope.ts";
import { scopeHash, scopeText } from "../../src/scope/scope.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Store } from "../../src/store/store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { expectError, identity, memoryStore, testPorts } from "./helpers.ts";

removeFoldersAfterwards();

/** What a peer asks for that wants the packages of one organization. */
function asked(number: number): { hash: string; text: string } {
  const scope = parseScope({ organizations: [`harbor-${number}`] });
  return { hash: scopeHash(scope), text: scopeText(scope) };
}

test.each<[string, () => Store]>([
  ["memory", () => memoryStore(1)],
  ["SQLite", () => SqliteStore.create(newFile(), { identity: identity(1), ...testPorts(1) })],
])("one scope too many is refused, and the others stay: %s", async (_, make) => {
  const store = make();
  for (let number = 0; number < SCOPES_KEPT_MAX; number++) store.evaluateScope(asked(number));
  await expectError(() => store.evaluateScope(asked(SCOPES_KEPT_MAX)), "NOT_ALLOWED");
  expect(await store.evaluateScope(asked(0))).toMatchObject({ isNew: false });
  await store.close();
});
