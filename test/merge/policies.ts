/** The policies that random histories are authored and evaluated under. */
import type { OraclePolicy } from "../../src/oracle/types.ts";

/** The instances of every generated history, as UUIDs; an actor is one of them with an epoch. */
export const INSTANCES: readonly string[] = [1, 2, 3, 4, 5].map((number) =>
  `${number}`.repeat(8).concat("-0000-4000-8000-000000000000"),
);

export const OBJECT = "0b1ec700-0000-4000-8000-000000000001";
export const TYPE = "package";

const sets = { "/tags": "set", "/groups": "set" } as const;
const [first, second, third] = INSTANCES as [string, string, string];

export const POLICIES: readonly OraclePolicy[] = [
  { default: "newest", deletes: "edit-wins", types: { [TYPE]: { ...sets, "/notes": "text" } } },
  { default: "newest", deletes: "delete-wins", types: { [TYPE]: { ...sets, "/notes": "text" } } },
  {
    default: { priority: [second, first] },
    deletes: "edit-wins",
    types: { [TYPE]: { ...sets, "/notes": "text", "/resources/*/description": "text" } },
  },
  {
    default: { priority: [third, second, first] },
    deletes: "delete-wins",
    types: { [TYPE]: { "/title": "text", "/resources": "newest" } },
  },
  {
    default: "newest",
    deletes: "edit-wins",
    types: { [TYPE]: { "/title": { priority: [third, first] }, "/tags/*": "set" } },
  },
];

/** The same with registers in the place of texts, for many histories in little time. */
export const WITHOUT_TEXTS: readonly OraclePolicy[] = POLICIES.map((policy) => {
  const types = Object.entries(policy.types).map(([type, strategies]) => {
    const kept = Object.entries(strategies).filter(([, strategy]) => strategy !== "text");
    return [type, Object.fromEntries(kept)];
  });
  return { ...policy, types: Object.fromEntries(types) };
});

/** The policy that needs nothing but the defaults' own rules, for named histories. */
export const EDIT_WINS = POLICIES[0] as OraclePolicy;
export const DELETE_WINS = POLICIES[1] as OraclePolicy;
