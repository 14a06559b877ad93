import { parseJson } from "../../../src/base/ingress/parse-json.ts";
import { SCOPE_BYTES_MAX } from "../../../src/base/limits.ts";
import { parseScope } from "../../../src/scope/parse-scope.ts";
import { scopeHash, scopeText } from "../../../src/scope/scope.ts";
import { demand, type FuzzTarget } from "../target.ts";

const SCOPES: readonly object[] = [
  {},
  { types: ["package", "tag"], organizations: ["harbor"] },
  { groups: ["00000000-0000-4000-8000-000000000000", "parks"], private: true },
  { tags: ["water", "Wasser"], roles: true, private: false },
  { types: [], tags: ["a", "a"] },
  { type: ["package"] },
];

/** Scope documents: what is taken has one text and one hash, however it was written. */
export const scope: FuzzTarget = {
  name: "scope",
  seeds: SCOPES.map((one) => Buffer.from(JSON.stringify(one))),
  feed(bytes) {
    const taken = parseScope(parseJson(bytes, { bytesMax: SCOPE_BYTES_MAX, where: "scope" }));
    const again = parseScope(JSON.parse(scopeText(taken)));
    demand(scopeHash(again) === scopeHash(taken), "the hash of a scope is not stable");
    demand(scopeText(again) === scopeText(taken), "the text of a scope is not stable");
  },
};
