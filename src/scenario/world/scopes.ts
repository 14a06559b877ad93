import type { Json } from "../../base/json.ts";
import { parseScope } from "../../scope/parse-scope.ts";
import { scopeHash, scopeText } from "../../scope/scope.ts";

const all = parseScope({ private: true, roles: true });

/** The scope of links that leave nothing out: what checkers of whole logs rely on. */
export const TAKES_ALL: { readonly hash: string; readonly text: string } = {
  hash: scopeHash(all),
  text: scopeText(all),
};

/** The key of the cursors of a scope, from its canonical JSON. */
export function hashOf(text: string): string {
  return scopeHash(parseScope(JSON.parse(text) as Json));
}
