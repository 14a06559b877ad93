import { SynclineError } from "../../base/errors.ts";
import { SYNC_PATH } from "../../protocol/version.ts";

const schemes: Readonly<Record<string, string>> = {
  "http:": "ws:",
  "https:": "wss:",
  "ws:": "ws:",
  "wss:": "wss:",
};

/**
 * The address of the sync endpoint of an instance that is served at `url`. Throws USAGE for what
 * is no http, https, ws or wss address.
 */
export function syncUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const scheme = schemes[parsed?.protocol ?? ""];
  if (parsed === undefined || scheme === undefined) {
    throw new SynclineError("USAGE", `not the address of an instance: ${url}`, {
      where: url,
      hint: "an address looks like http://127.0.0.1:7300",
    });
  }
  const base = parsed.pathname.replace(/\/+$/, "");
  const path = base.endsWith(SYNC_PATH) ? base : base + SYNC_PATH;
  return `${scheme}//${parsed.host}${path}${parsed.search}`;
}
