import type { Lsn } from "../base/ids.ts";
import { PAGE_ITEMS_MAX } from "../base/limits.ts";
import { mayHoldOwn } from "../store/continuity.ts";
import type { LinkRow, RunRow } from "../store/rows.ts";
import type { LinkState } from "../sync/schedule/link-event.ts";
import { scopeOf } from "../sync/scope-ref.ts";
import type { SessionResult } from "../sync/session/result.ts";
import { attentionOf } from "./attention.ts";
import type { StatusView } from "./instance.ts";
import type { InstanceParts } from "./parts.ts";

type LinkStatus = StatusView["links"][number];

/** What `status` shows: who this is, what it holds, and how far each link has come. */
export async function statusOf(
  parts: InstanceParts,
  states: ReadonlyMap<string, LinkState>,
): Promise<StatusView> {
  const { store } = parts;
  const identity = await store.identity();
  const { lsn, chain } = await store.head();
  const counts = await store.counts();
  const links: LinkStatus[] = [];
  for (const link of await store.links()) {
    links.push(await linkStatus(parts, link, lsn, states.get(link.name)));
  }
  const view = {
    instance: { id: identity.instance, name: identity.name, epoch: identity.epoch },
    digest: await store.digest(),
    head: { lsn, chain: Buffer.from(chain).toString("hex") },
    objects: counts.objects,
    defaultRole: (await store.settings()).defaultRole,
    deleted: counts.deleted,
    purged: counts.purged,
    shunned: counts.shunned,
    departed: counts.departed,
    revisions: counts.revisions,
    diverged: counts.diverged,
    parked: counts.parked,
    conflicts: { open: counts.openConflicts },
    quarantined: counts.quarantined,
    refusedPurges: counts.refusedPurges,
    recovery: await recoveryOf(parts),
    links,
  };
  return { ...view, attention: attentionOf(view) };
}

async function recoveryOf({ store }: InstanceParts): Promise<StatusView["recovery"]> {
  const continuity = await store.continuity();
  const links = (await store.links()).filter(({ peer }) => mayHoldOwn(continuity, peer));
  return links.length === 0 ? null : { pending: links.map(({ name }) => name) };
}

async function linkStatus(
  parts: InstanceParts,
  row: LinkRow,
  head: Lsn,
  running: LinkState | undefined,
): Promise<LinkStatus> {
  const link = asOfNow(row, running?.session ?? null);
  const runs = await parts.store.runs({ link: link.name, limit: PAGE_ITEMS_MAX });
  const { name, url, peer, direction, mode } = link;
  const revisions = await revisionsBehind(parts, link, head);
  const lag = { revisions, seconds: secondsBehind(parts, revisions, runs) };
  const next = running?.next ?? null;
  const state = stateOf(link, running, revisions);
  return { name, url, peer, direction, mode, state, next, lag, lastRun: runs[0] ?? null };
}

/** What a live session has heard counts before it is kept. */
function asOfNow(link: LinkRow, session: SessionResult | null): LinkRow {
  if (session === null || session.peer === null) return link;
  const { direction, cursor, confirmed } = session;
  return {
    ...link,
    peer: session.peer.instance,
    remoteHead: direction === "push" ? link.remoteHead : cursor.head,
    confirmed: direction === "pull" ? link.confirmed : confirmed,
  };
}

function stateOf(
  { mode }: LinkRow,
  running: LinkState | undefined,
  revisions: number | null,
): LinkStatus["state"] {
  if (running === undefined) return mode === "manual" ? "manual" : "stopped";
  return running.state === "connected" && revisions !== 0 ? "behind" : running.state;
}

/** Log entries that have yet to be carried; null while the other side was never heard of. */
async function revisionsBehind(
  { store }: InstanceParts,
  { direction, peer, scope, remoteHead, confirmed }: LinkRow,
  head: Lsn,
): Promise<number | null> {
  let behind = 0;
  if (direction !== "push") {
    if (peer === null || remoteHead === null) return null;
    const { hash } = scopeOf(scope);
    const cursor = await store.cursor(peer, hash);
    behind += Math.max(remoteHead - (cursor?.ladder[0]?.lsn ?? 0), 0);
  }
  if (direction !== "pull") {
    if (confirmed === null) return null;
    behind += Math.max(head - confirmed, 0);
  }
  return behind;
}

/** Time since all was well; null while that never was. */
function secondsBehind(
  { clock }: InstanceParts,
  revisions: number | null,
  runs: readonly RunRow[],
): number | null {
  if (revisions === 0) return 0;
  const good = runs.find(({ outcome }) => outcome === "ok");
  if (good === undefined) return null;
  return Math.max(Math.round((clock.nowMs() - Date.parse(good.ended)) / 1000), 0);
}
