import { SynclineError } from "../base/errors.ts";
import type { InstanceId } from "../base/ids.ts";
import type { JsonObject } from "../base/json.ts";
import { REMOVALS_DEFAULT } from "../base/limits.ts";
import { checkKnownTypes, parseScope } from "../scope/parse-scope.ts";
import { EVERYTHING, scopeText } from "../scope/scope.ts";
import type { Direction, LinkRow } from "../store/rows.ts";
import { checkLimit } from "../sync/host/removal-limit.ts";
import { parseMode } from "../sync/schedule/mode.ts";
import {
  type OrganizationChange,
  type OrganizationWish,
  organizationsOf,
} from "./link-organizations.ts";
import type { InstanceParts } from "./parts.ts";

/** What becomes here of what leaves the scope of a link. */
export type OnLeave = "keep" | "drop";

/** A link as a person configures it. */
export interface NewLink {
  readonly name: string;
  readonly url: string;
  readonly direction: Direction;
  /** `manual` (default), `live`, or `every:5m`. */
  readonly mode?: string;
  readonly scope?: JsonObject;
  /** The share of live objects, or their number, that a run may remove: `5%` (default), `100`. */
  readonly maxRemovals?: string;
  readonly tokenFile?: string;
  /** Does not carry out the purges that come from the peer. */
  readonly refusesPurges?: boolean;
  /** Whether what leaves the scope stays here as it was (default), or is dropped. */
  readonly onLeave?: OnLeave;
  /** Whose packages become whose when they come over the link. */
  readonly organizations?: OrganizationWish;
}

const NAME_FORM = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u;
/** What stands where `sync` takes the name of a link. */
const RESERVED: ReadonlySet<string> = new Set(["runs", "undo"]);
const PROTOCOLS = ["http:", "https:", "ws:", "wss:"];

/** Checks and stores a new link. Throws `LINK_EXISTS`, `LINK_UNSUPPORTED`, `INVALID_SCOPE` and `USAGE`. */
export async function addLink(parts: InstanceParts, link: NewLink): Promise<LinkRow> {
  const { store } = parts;
  checkLink(link);
  const { name, url, direction, scope } = link;
  if ((await store.links()).some((other) => other.name === name)) {
    throw new SynclineError("LINK_EXISTS", `there is a link named ${name} already`, {
      where: name,
      hint: `choose another name, or remove it first: syncline link remove ${name}`,
    });
  }
  const mapping =
    link.organizations && (await organizationsOf(parts, link, undefined, link.organizations));
  const row: LinkRow = {
    name,
    url,
    direction,
    mode: link.mode ?? "manual",
    peer: null,
    peerName: null,
    scope: storedScope(scope),
    maxRemovals: link.maxRemovals ?? REMOVALS_DEFAULT,
    tokenFile: link.tokenFile ?? null,
    remoteHead: null,
    confirmed: null,
    ...(link.refusesPurges === true ? { refusesPurges: true } : {}),
    ...(link.onLeave === "drop" ? { onLeave: "drop" } : {}),
    ...(mapping === undefined ? {} : { organizations: mapping }),
  };
  await store.saveLink(row);
  return row;
}

/** Replaces parts of a link's mapping; the next run maps by it what has come already. */
export async function mapLink(
  parts: InstanceParts,
  name: string,
  change: OrganizationChange,
): Promise<LinkRow> {
  const link = linkNamed(await parts.store.links(), name);
  const organizations = await organizationsOf(parts, link, link.organizations, change);
  const row = { ...link, organizations };
  await parts.store.saveLink(row);
  if (row.peer !== null) await askForUnkept(parts.store, row.peer);
  return row;
}

/** What a peer sent when the quarantine was full may be welcome by changed rules: it comes again. */
async function askForUnkept(store: InstanceParts["store"], peer: InstanceId): Promise<void> {
  const unkept = (await store.quarantine()).filter(
    ({ source, bytes, code }) => source === peer && bytes.length === 0 && code !== "PURGE_REFUSED",
  );
  if (unkept.length > 0) await store.retryQuarantined(unkept.map(({ key }) => key));
}

/** What can be said of a link without looking anywhere. Throws `USAGE` and `LINK_UNSUPPORTED`. */
export function checkLink(link: NewLink): void {
  const { name, url, direction, mode, maxRemovals, tokenFile, onLeave } = link;
  if (!NAME_FORM.test(name)) {
    throw usage(`"${name}" is no name for a link`, "letters, digits, and . _ - between them");
  }
  if (RESERVED.has(name)) {
    throw usage(
      `a link cannot be named ${name}`,
      `syncline sync ${name} is a command; choose another`,
    );
  }
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !PROTOCOLS.includes(address.protocol)) {
    throw usage(`"${url}" is not the address of a peer`, "give one such as http://127.0.0.1:7300");
  }
  // The address is shown by status, to everybody who may read, and stands in the record of runs.
  if (address.username !== "" || address.password !== "") {
    throw usage("the address holds a user name or password", "give the address without them");
  }
  if (!["pull", "push", "both"].includes(direction)) {
    throw usage(`"${direction}" is no direction`, "pull = receive, push = send, or both");
  }
  if (mode !== undefined && parseMode(mode) === undefined) {
    throw usage(`"${mode}" is no mode`, "manual, live, or every:5m");
  }
  if (maxRemovals !== undefined) checkLimit(maxRemovals);
  if (onLeave !== undefined && !["keep", "drop"].includes(onLeave)) {
    throw usage(`"${onLeave}" is nothing that can become of what leaves a scope`, "keep, or drop");
  }
  if (tokenFile !== undefined) {
    throw unsupported("signing in to a peer", "leave the token file out");
  }
}

/** Null for a scope that names nothing. Throws `INVALID_SCOPE`. */
export function storedScope(document: JsonObject = {}): string | null {
  const scope = parseScope(document);
  checkKnownTypes(scope);
  const text = scopeText(scope);
  return text === scopeText(EVERYTHING) ? null : text;
}

function unsupported(what: string, hint: string): SynclineError {
  const message = `${what} is not available in this version`;
  return new SynclineError("LINK_UNSUPPORTED", message, { hint });
}

function usage(message: string, hint: string): SynclineError {
  return new SynclineError("USAGE", message, { hint });
}

/** The link of that name. Throws `LINK_NOT_FOUND`. */
export function linkNamed(links: readonly LinkRow[], name: string): LinkRow {
  const link = links.find((other) => other.name === name);
  if (link !== undefined) return link;
  const names = links.map((other) => other.name).join(", ");
  throw new SynclineError("LINK_NOT_FOUND", `no link named ${name}`, {
    where: name,
    hint: names === "" ? "add one: syncline link add NAME URL" : `the links are ${names}`,
  });
}
