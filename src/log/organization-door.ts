import type { Json } from "../base/json.ts";
import { isJsonObject } from "../base/json.ts";
import type { Revision } from "../model/record.ts";
import { Refusal } from "./refusals.ts";

/** The organizations, by id or authored name, whose packages are taken; all others' are refused. */
export type OrganizationDoor = ReadonlySet<string>;

/**
 * Refuses a revision that makes a package one of an organization that the door does not know. What
 * builds on it waits, as it does for any refused revision. `nameOf` gives an organization's authored
 * name. Throws a {@link Refusal} with `ORGANIZATION_UNMAPPED`.
 */
export function checkOrganization(
  door: OrganizationDoor,
  { type, patch }: Revision,
  nameOf: (id: string) => string | null | undefined,
): void {
  if (type !== "package") return;
  for (const write of patch) {
    if (write.op === "remove") continue;
    const owner = ownerIn(write.path, write.value);
    if (typeof owner !== "string" || owner === "" || door.has(owner)) continue;
    const name = nameOf(owner);
    if (typeof name === "string" && door.has(name)) continue;
    const what = typeof name === "string" ? `${name} (${owner})` : owner;
    throw new Refusal("ORGANIZATION_UNMAPPED", `its organization ${what} is not mapped`);
  }
}

/** The owner that a write gives a package; undefined when it gives none. */
export function ownerIn(path: string, value: Json): Json | undefined {
  if (path === "/owner_org") return value;
  return path === "" && isJsonObject(value) ? value.owner_org : undefined;
}
