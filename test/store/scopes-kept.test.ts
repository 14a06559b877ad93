// Proves that an instance remembers a bounded number of scopes, and begins an epoch with one too many.
import { expect, test } from "vitest";
import { SCOPES_KEPT_MAX } from "../../src/base/limits.ts";
import { parseScope } from "../../src/scope/parse-scope.ts";
import { EVERYTHING_HASH, scopeHash, scopeText } from "../../src/scope/scope.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import type { Store } from "../../src/store/store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { identity, memoryStore, testPorts } from "./helpers.ts";

removeFoldersAfterwards();

/** What a peer asks for that wants the packages of one organization. */
function asked(number: number): { hash: string; text: string } {
  const scope = parseScope({ organizations: [`harbor-${number}`] });
  return { hash: scopeHash(scope), text: scopeText(scope) };
}

test.each<[string, () => Store]>([
  ["memory", () => memoryStore(1)],
  ["SQLite", () => SqliteStore.create(newFile(), { identity: identity(1), ...testPorts(1) })],
])(
  "one scope too many begins an epoch, in which only those that take all are known: %s",
  async (_, make) => {
    const store = make();
    const everything = { hash: EVERYTHING_HASH, text: "{}" };
    store.evaluateScope(everything);
    for (let number = 1; number < SCOPES_KEPT_MAX; number++) store.evaluateScope(asked(number));
    const before = await store.identity();
    expect(await store.evaluateScope(asked(1))).toMatchObject({ isNew: false });
    expect(await store.identity()).toEqual(before);
    expect(await store.evaluateScope(asked(SCOPES_KEPT_MAX))).toMatchObject({ isNew: true });
    expect((await store.identity()).epoch).not.toBe(before.epoch);
    expect(await store.continuity()).toMatchObject({ former: [{ reason: "scopes" }], doubt: null });
    expect(await store.evaluateScope(everything)).toMatchObject({ isNew: false });
    expect(await store.evaluateScope(asked(1))).toMatchObject({ isNew: true });
    expect((await store.verify()).findings).toEqual([]);
    await store.close();
  },
);
