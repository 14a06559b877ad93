import { SynclineError } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { EVERYTHING_TEXT } from "../scope/scope.ts";
import type { LinkRow } from "../store/rows.ts";
import { checkMapped } from "./link-organizations.ts";
import { checkLink, linkNamed, type NewLink, storedScope } from "./links.ts";
import type { InstanceParts } from "./parts.ts";
import { takeRefusedPurges } from "./quarantine.ts";

/** What of a link can be set when it is there already; what is left out stays. */
export interface LinkChange
  extends Partial<
    Pick<
      NewLink,
      "url" | "direction" | "mode" | "maxRemovals" | "tokenFile" | "refusesPurges" | "onLeave"
    >
  > {
  /** Null: everything again. */
  readonly scope?: JsonObject | null;
}

/**
 * Sets what is given, all of it or nothing. Purges that were refused and are no longer are carried
 * out at once. Throws `LINK_NOT_FOUND`, `LINK_UNSUPPORTED`, `INVALID_SCOPE` and `USAGE`.
 */
export async function setLink(
  parts: InstanceParts,
  name: string,
  change: LinkChange,
): Promise<LinkRow> {
  const { store } = parts;
  const found = linkNamed(await store.links(), name);
  const row = changed(found, change);
  await store.saveLink(row);
  const isTaking = change.refusesPurges === false && row.peer !== null;
  if (isTaking) await takeRefusedPurges(parts, row.peer);
  return row;
}

function changed(found: LinkRow, change: LinkChange): LinkRow {
  const { url, direction, mode, scope, maxRemovals, tokenFile, refusesPurges, onLeave } = change;
  if (Object.values(change).every((value) => value === undefined)) throw nothingToChange();
  const { refusesPurges: didRefuse = false, onLeave: left = "keep", ...before } = found;
  const plain = {
    url: url ?? before.url,
    direction: direction ?? before.direction,
    mode: mode ?? before.mode,
  };
  // What was taken once stays, also where it would be refused today.
  const limit = maxRemovals === undefined ? {} : { maxRemovals };
  const token = tokenFile === undefined ? {} : { tokenFile };
  const leaves = { onLeave: onLeave ?? left };
  checkLink({ name: found.name, ...plain, ...limit, ...token, ...leaves });
  if (before.organizations !== undefined) checkMapped(plain.direction);
  const carries = scope === undefined ? before.scope : storedScope(scope ?? {});
  const { formerScope = before.scope ?? EVERYTHING_TEXT, held, ...rest } = before;
  const isOther = carries !== before.scope || before.formerScope !== undefined;
  const receives = plain.direction !== "push" && before.peer !== null;
  return {
    ...rest,
    ...plain,
    ...limit,
    scope: carries,
    // Whoever says anew how much may go has seen what went.
    ...(held === undefined || maxRemovals !== undefined ? {} : { held }),
    ...(isOther && receives ? { formerScope } : {}),
    // What the peer confirmed was told in the terms of another scope.
    confirmed: carries === before.scope ? before.confirmed : null,
    ...((refusesPurges ?? didRefuse) ? { refusesPurges: true } : {}),
    ...(leaves.onLeave === "drop" ? { onLeave: "drop" } : {}),
  };
}

function nothingToChange(): SynclineError {
  return new SynclineError("USAGE", "nothing to change", {
    hint:
      "give what the link shall have: an address, direction, mode, scope, limit on removals, or " +
      "what becomes of purges or of what leaves the scope",
  });
}
