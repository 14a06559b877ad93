import { canonicalize } from "../base/canonical.ts";
import { sha256Hex } from "../base/hash.ts";
import type { InstanceId } from "../base/ids.ts";
import type { Json } from "../base/json.ts";
import { parsePointer } from "../base/pointer.ts";

/** How a conflict at a path is chosen. */
export type Strategy = "newest" | "set" | "text" | { readonly priority: readonly InstanceId[] };

export type NameRule = "suffix" | "alias";

/** The replicated policy document. */
export interface Policy {
  readonly default: "newest" | { readonly priority: readonly InstanceId[] };
  readonly deletes: "edit-wins" | "delete-wins";
  readonly names: Readonly<Record<string, NameRule>>;
  /** By type, then by path; `*` stands for one key, and a path covers all below it. */
  readonly types: Readonly<Record<string, Readonly<Record<string, Strategy>>>>;
}

export const DEFAULT_POLICY: Policy = {
  default: "newest",
  deletes: "edit-wins",
  names: {
    package: "suffix",
    tag: "alias",
    group: "alias",
    organization: "suffix",
    user: "suffix",
  },
  types: {
    package: {
      "/notes": "text",
      "/resources/*/description": "text",
      "/tags": "set",
      "/groups": "set",
    },
    group: { "/description": "text" },
    organization: { "/description": "text" },
    user: { "/about": "text" },
  },
};

/** A policy with its hash: SHA-256 of its canonical JSON, 64 hexadecimal digits. */
export interface PolicyInForce {
  readonly policy: Policy;
  readonly hash: string;
}

/** Documents never change, and are asked for at every step: a hash is computed once for each. */
const hashes = new WeakMap<Policy, string>();

export function inForce(policy: Policy): PolicyInForce {
  const known = hashes.get(policy);
  if (known !== undefined) return { policy, hash: known };
  const hash = sha256Hex(canonicalize(policy as unknown as Json));
  hashes.set(policy, hash);
  return { policy, hash };
}

export const DEFAULT_IN_FORCE: PolicyInForce = inForce(DEFAULT_POLICY);

/** The strategy for a path: the longest matching pattern, exact keys before `*`. */
export function strategyFor(policy: Policy, type: string, path: string): Strategy {
  const patterns = Object.hasOwn(policy.types, type) ? policy.types[type] : undefined;
  const keys = parsePointer(path);
  let best: { readonly rank: string; readonly strategy: Strategy } | undefined;
  for (const [pattern, strategy] of Object.entries(patterns ?? {})) {
    const rank = match(parsePointer(pattern), keys);
    if (rank !== undefined && (best === undefined || rank > best.rank)) best = { rank, strategy };
  }
  return best?.strategy ?? policy.default;
}

/** How well a pattern fits, comparable as text; undefined when it does not. */
function match(pattern: readonly string[], keys: readonly string[]): string | undefined {
  if (pattern.length > keys.length) return undefined;
  if (!pattern.every((key, at) => key === "*" || key === keys[at])) return undefined;
  return pattern.map((key) => (key === "*" ? "1" : "2")).join("");
}
