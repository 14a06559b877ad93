import { canonicalize } from "../base/canonical.ts";
import { SynclineError } from "../base/errors.ts";
import { sha256Hex } from "../base/hash.ts";
import type { Json } from "../base/json.ts";
import { checkKnownTypes, parseScope } from "../scope/parse-scope.ts";
import { EVERYTHING, EVERYTHING_HASH, type Scope, scopeHash, scopeText } from "../scope/scope.ts";
import type { LinkRow } from "../store/rows.ts";
import type { ScopeRef } from "../store/store.ts";

/** The scope of a link, as its row says it. */
export function scopeOf(stored: string | null): Required<ScopeRef> {
  return refTo(stored === null ? EVERYTHING : parseScope(JSON.parse(stored) as Json));
}

function refTo(scope: Scope): Required<ScopeRef> {
  return { hash: scopeHash(scope), text: scopeText(scope) };
}

/** The scope that a peer named by its hash; left out for everything. */
export function namedScope(hash: string = EVERYTHING_HASH): ScopeRef {
  return hash === EVERYTHING_HASH ? refTo(EVERYTHING) : { hash };
}

/** What one run of a link carries: only some types of it, if these are given. */
export function runScope(link: LinkRow, types: readonly string[] | undefined): ScopeRef {
  if (types === undefined) return scopeOf(link.scope);
  const whole = link.scope === null ? EVERYTHING : parseScope(JSON.parse(link.scope) as Json);
  const scope = parseScope({ ...whole, types: [...types] });
  checkKnownTypes(scope);
  const missing = types.find((type) => whole.types?.includes(type) === false);
  if (missing === undefined) return refTo(scope);
  const message = `the link ${link.name} does not carry the type ${missing}`;
  throw new SynclineError("USAGE", message, { hint: `it carries ${whole.types?.join(", ")}` });
}

/**
 * The key of the cursor over what a peer holds of this instance's own. It is asked for once in an
 * epoch that is in doubt, also where a link carries nothing in that direction. In each anew: what was
 * lost since may build on what a peer had before.
 */
export function ownKey(epoch: string): string {
  return sha256Hex(canonicalize({ v: 1, own: epoch })).slice(0, 32);
}
