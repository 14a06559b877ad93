import { BATCH_BYTES_MAX, BATCH_REVISIONS_MAX, SEND_BUFFER_BYTES_MAX } from "../../base/limits.ts";
import type { Store } from "../../store/store.ts";
import type { Connection } from "../connection.ts";
import type { Effect } from "../session/effects.ts";
import type { SessionEvent } from "../session/events.ts";

/** What a session asks about a scope, as a source or as a target. */
export type ScopeEffect = Extract<
  Effect,
  {
    readonly kind:
      | ("evaluate" | "readLeft" | "readEntered")
      | ("noteLeft" | "countLeaving" | "dropLeft");
  }
>;

/** How much a source reads at a time. */
export const PAGE_LIMITS: { readonly revisions: number; readonly bytes: number } = {
  revisions: BATCH_REVISIONS_MAX,
  bytes: BATCH_BYTES_MAX,
};

interface Asking {
  readonly store: Store;
  readonly connection: Connection;
  /** Awaited before it is noted that objects left. */
  readonly onLeaving?: (() => Promise<void>) | undefined;
}

/** Asks the store, and tells its answer. */
export async function askOfScope(
  { store, connection, onLeaving }: Asking,
  effect: ScopeEffect,
): Promise<SessionEvent> {
  switch (effect.kind) {
    case "evaluate":
      return { kind: "evaluated", state: await store.evaluateScope(effect.scope) };
    case "readLeft":
      return { kind: "left", objects: await store.leftScope(effect.change) };
    case "readEntered": {
      await connection.drained(SEND_BUFFER_BYTES_MAX);
      const page = await store.readEntered(effect.filter, PAGE_LIMITS);
      return { kind: "entered", page: page ?? null };
    }
    case "noteLeft":
      await onLeaving?.();
      await store.noteLeft(effect.left);
      return { kind: "leftNoted" };
    case "countLeaving": {
      const going = (await store.leaving(effect.where)).filter(({ stays }) => stays === null);
      return { kind: "leavingCounted", count: going.filter(({ isLive }) => isLive).length };
    }
    case "dropLeft":
      return { kind: "dropped", outcome: await store.dropLeft(effect.where) };
  }
}
