import { SCOPES_KEPT_MAX } from "../base/limits.ts";
import { readScopeText } from "./parse-scope.ts";
import { takesAll } from "./scope.ts";
import type { KeptScopes } from "./scope-tables.ts";

/** True when one more scope would be too many. */
export function isFull(scopes: KeptScopes, hash: string): boolean {
  const kept = scopes.hashes();
  return kept.length >= SCOPES_KEPT_MAX && !kept.includes(hash);
}

/**
 * Forgets what entered and left all scopes. Those that take all stay: there are few of them, and
 * cursors count for them whatever the epoch.
 */
export function forgetScopes(scopes: KeptScopes): void {
  for (const hash of scopes.hashes()) {
    const known = scopes.scope(hash);
    if (known !== undefined && !takesAll(readScopeText(known.text))) scopes.forgetScope(hash);
  }
}

/**
 * Lets all scopes be evaluated anew, whatever was found out: another version of the program shows
 * objects that nothing was added to in another way.
 */
export function doubtScopes(scopes: KeptScopes): void {
  for (const hash of scopes.hashes()) {
    const known = scopes.scope(hash);
    if (known !== undefined) scopes.saveScope({ ...known, policy: "" });
  }
}
