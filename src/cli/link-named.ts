import { SynclineError } from "../base/errors.ts";
import type { LinkRow } from "../store/rows.ts";

/** The link of that name. Throws `LINK_NOT_FOUND`. */
export function linkNamed(links: readonly LinkRow[], name: string): LinkRow {
  const found = links.find((link) => link.name === name);
  if (found !== undefined) return found;
  throw new SynclineError("LINK_NOT_FOUND", `there is no link ${name}`, {
    hint: "syncline link list shows those there are",
  });
}
