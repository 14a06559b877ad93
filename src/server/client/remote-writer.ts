import type { Json, JsonObject } from "../../base/json.ts";
import type { ConflictChoice } from "../../instance/conflicts/decisions.ts";
import type { ConflictPage, ConflictQuery } from "../../instance/conflicts/find-conflict.ts";
import type { ResolveReport, ResolveRule } from "../../instance/conflicts/resolve-conflicts.ts";
import type {
  Attribution,
  EditAttribution,
  ImportOptions,
  ImportProgress,
  ImportReport,
  Instance,
  ObjectRef,
  ObjectView,
  SyncOptions,
  SyncProgress,
  WatchOptions,
} from "../../instance/instance.ts";
import type { OrganizationChange } from "../../instance/link-organizations.ts";
import type { NewLink } from "../../instance/links.ts";
import type { RetryReport } from "../../instance/quarantine.ts";
import type { LinkChange } from "../../instance/set-link.ts";
import type { UndoReport } from "../../instance/undo/undo-run.ts";
import type { AuthorCommand, AuthorOutcome } from "../../log/author.ts";
import type { PolicyInForce } from "../../log/reader.ts";
import type { LinkRow, RunRow } from "../../store/rows.ts";
import type { ApplyOutcome } from "../../store/store.ts";
import type { LinkEvent } from "../../sync/schedule/link-event.ts";
import { EVENTS_TYPE } from "../events.ts";
import type { Writer } from "../writer.ts";
import type { ApiClient } from "./api-client.ts";

/**
 * Writes to a folder that another process serves, through that process: a folder never has two
 * writers. Reads go to the folder itself, by an instance that is open for reading.
 */
export class RemoteWriter implements Writer {
  readonly #client: ApiClient;
  readonly #reader: Instance;

  constructor(client: ApiClient, reader: Instance) {
    this.#client = client;
    this.#reader = reader;
  }

  change(command: AuthorCommand): Promise<AuthorOutcome> {
    return this.#change({ kind: "changes", ...command });
  }

  create(type: string, value: JsonObject, by: Attribution): Promise<AuthorOutcome> {
    return this.#change({ kind: "create", type, value, ...by });
  }

  set(object: ObjectRef, value: JsonObject, by: EditAttribution): Promise<AuthorOutcome> {
    return this.#change({ kind: "set", object, value, ...by });
  }

  patch(object: ObjectRef, patch: Json, by: Attribution): Promise<AuthorOutcome> {
    return this.#change({ kind: "patch", object, patch, ...by });
  }

  rename(object: ObjectRef, name: string, by: Attribution): Promise<AuthorOutcome> {
    return this.#change({ kind: "rename", object, name, ...by });
  }

  delete(object: ObjectRef, by: Attribution): Promise<AuthorOutcome> {
    return this.#change({ kind: "delete", object, ...by });
  }

  undelete(object: ObjectRef, by: Attribution): Promise<AuthorOutcome> {
    return this.#change({ kind: "undelete", object, ...by });
  }

  purge(
    object: ObjectRef,
    { reason }: { readonly reason: string },
    by: Attribution,
  ): Promise<AuthorOutcome> {
    return this.#change({ kind: "purge", object, reason, ...by });
  }

  shun(object: ObjectRef, by: Attribution): Promise<AuthorOutcome> {
    return this.#change({ kind: "shun", object, ...by });
  }

  resolveConflict(id: string, choice: ConflictChoice, by: EditAttribution): Promise<AuthorOutcome> {
    const path = `/api/v1/conflicts/${encodeURIComponent(id)}/resolve`;
    return this.#call("POST", path, { ...by, ...choice });
  }

  resolveConflicts(rule: ResolveRule, by: Attribution): Promise<ResolveReport> {
    return this.#call("POST", "/api/v1/conflicts/resolve", { ...by, ...rule });
  }

  async setPolicy(policy: Json, by: Attribution): Promise<PolicyInForce> {
    await this.#call("PUT", "/api/v1/policy", { ...by, policy });
    return this.#reader.policy();
  }

  async adoptPolicy(peer: string, by: Attribution): Promise<PolicyInForce> {
    await this.#call("POST", "/api/v1/policy/adopt", { ...by, peer });
    return this.#reader.policy();
  }

  async setDefaultRole(defaultRole: string): Promise<void> {
    await this.#call("PUT", "/api/v1/settings", { defaultRole });
  }

  conflicts(query?: ConflictQuery): Promise<ConflictPage> {
    return this.#reader.conflicts(query);
  }

  async import(lines: AsyncIterable<Uint8Array>, options: ImportOptions): Promise<ImportReport> {
    const { signal, onProgress, ...plain } = options;
    const query = new URLSearchParams(
      Object.entries(plain).map(([key, value]): [string, string] => [key, String(value)]),
    );
    const report = await this.#client.work({
      method: "POST",
      path: `/api/v1/imports?${query}`,
      body: lines,
      type: EVENTS_TYPE,
      signal,
      onProgress: (progress) => onProgress?.(progress as unknown as ImportProgress),
    });
    return report as unknown as ImportReport;
  }

  async importRevisions(lines: AsyncIterable<Uint8Array>): Promise<ApplyOutcome> {
    const body = lines;
    const path = "/api/v1/revisions";
    const done = await this.#client.work({ method: "POST", path, body, type: EVENTS_TYPE });
    return reviveOutcome(done as unknown as ApplyOutcome & { readonly head: WireHead });
  }

  undo(run: string, by: Attribution): Promise<UndoReport> {
    return this.#call("POST", `/api/v1/runs/${encodeURIComponent(run)}/undo`, by);
  }

  retryQuarantined(keys: readonly string[] | "all"): Promise<RetryReport> {
    return this.#call("POST", "/api/v1/quarantine/retry", whichOf(keys));
  }

  async dropQuarantined(keys: readonly string[] | "all"): Promise<number> {
    const path = "/api/v1/quarantine/drop";
    return (await this.#call<{ readonly dropped: number }>("POST", path, whichOf(keys))).dropped;
  }

  async addLink(link: NewLink): Promise<LinkRow> {
    const row = await this.#client.call("POST", "/api/v1/links", {
      ...link,
    } as unknown as JsonObject);
    return row as unknown as LinkRow;
  }

  async removeLink(name: string): Promise<void> {
    await this.#client.call("DELETE", `/api/v1/links/${encodeURIComponent(name)}`);
  }

  setLink(name: string, change: LinkChange): Promise<LinkRow> {
    return this.#call("PATCH", `/api/v1/links/${encodeURIComponent(name)}`, change);
  }

  mapLink(name: string, change: OrganizationChange): Promise<LinkRow> {
    const path = `/api/v1/links/${encodeURIComponent(name)}/organizations`;
    return this.#call("POST", path, change);
  }

  async sync(link: string, options: SyncOptions = {}): Promise<RunRow> {
    const { acceptRemovals, types } = options;
    // What is undefined is left out of JSON.
    const body = { link, acceptRemovals, types };
    const run = await this.#client.work({
      method: "POST",
      path: "/api/v1/syncs",
      body: oneChunk(JSON.stringify(body)),
      type: "application/json",
      signal: options.signal,
      onProgress: (progress) => options.onProgress?.(progress as unknown as SyncProgress),
    });
    return run as unknown as RunRow;
  }

  async watch(name: string | undefined, { signal, onEvent }: WatchOptions = {}): Promise<void> {
    await this.#client.work({
      method: "POST",
      path: "/api/v1/watches",
      body: oneChunk(JSON.stringify({ link: name ?? null })),
      type: "application/json",
      signal,
      onProgress: (event) => onEvent?.(event as unknown as LinkEvent),
    });
  }

  get store(): Writer["store"] {
    return this.#reader.store;
  }

  get(ref: ObjectRef): Promise<ObjectView> {
    return this.#reader.get(ref);
  }

  links(): Promise<readonly LinkRow[]> {
    return this.#reader.links();
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  #change(body: object): Promise<AuthorOutcome> {
    return this.#call("POST", "/api/v1/changes", body);
  }

  async #call<Answer>(
    method: "POST" | "PUT" | "PATCH",
    path: string,
    body: object,
  ): Promise<Answer> {
    return (await this.#client.call(method, path, body as JsonObject)) as unknown as Answer;
  }
}

interface WireHead {
  readonly lsn: number;
  readonly chain: string;
}

/** Bytes travel as hexadecimal digits. */
function reviveOutcome(outcome: ApplyOutcome & { readonly head: WireHead }): ApplyOutcome {
  const { lsn, chain } = outcome.head as WireHead;
  return { ...outcome, head: { lsn, chain: Buffer.from(chain, "hex") } };
}

function whichOf(keys: readonly string[] | "all"): object {
  return keys === "all" ? { all: true } : { keys };
}

async function* oneChunk(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}
