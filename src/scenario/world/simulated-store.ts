import { STORE_METHODS, type Store } from "../../store/store.ts";
import type { Process } from "./process.ts";

/** The methods that commit. */
const COMMITTING = [
  "author",
  "apply",
  "dropLeft",
  "takePolicies",
  "changePolicy",
  "saveLink",
  "removeLink",
  "saveRun",
  "retryQuarantined",
  "dropQuarantined",
] as const;
export type CommitKind = (typeof COMMITTING)[number];
const committing: ReadonlySet<string> = new Set(COMMITTING);

export function isCommitting(method: string): method is CommitKind {
  return committing.has(method);
}

/** One commit of a store, as observers see it. */
export interface Commit {
  readonly kind: CommitKind;
  readonly argument: unknown;
  readonly outcome: unknown;
}

/** What happens around the calls of a store. */
export interface StoreHooks {
  /** What a call takes. */
  readonly latencyMs: (method: keyof Store) => number;
  /** Just before a commit. May kill the process (then nothing is committed), or throw. */
  readonly beforeCommit: (kind: CommitKind, argument: unknown) => void;
  /** Just after a commit, before the caller knows. May kill the process. */
  readonly afterCommit: (commit: Commit) => void | Promise<void>;
  /** Just after a scope was evaluated, for which the log may have gone on. */
  readonly afterEvaluation: () => Promise<void>;
  /** Revisions in one page at most, so that small logs make several batches too. */
  readonly pageRevisionsMax: number;
}

/**
 * A store as one process sees it, like one behind a thread: each call takes virtual time, happens
 * at its end, and dies with the process. What is committed stays in the store below.
 */
export function simulatedStore(inner: Store, process: Process, hooks: StoreHooks): Store {
  const methods: Record<string, (...args: unknown[]) => unknown> = {};
  for (const method of STORE_METHODS) {
    const call = inner[method].bind(inner) as (...args: unknown[]) => unknown;
    methods[method] = (...args) =>
      process.work(hooks.latencyMs(method), async () => {
        if (!isCommitting(method)) {
          const answer = await call(...limited(method, args, hooks.pageRevisionsMax));
          if (method === "evaluateScope") await hooks.afterEvaluation();
          return answer;
        }
        hooks.beforeCommit(method, args[0]);
        if (!process.isAlive) return undefined;
        const outcome = await call(...args);
        await hooks.afterCommit({ kind: method, argument: args[0], outcome });
        return outcome;
      });
  }
  const subscribe: Store["subscribe"] = (listener) => {
    const stop = inner.subscribe((commit) => process.isAlive && listener(commit));
    process.onKill(stop);
    return stop;
  };
  return { ...methods, subscribe } as unknown as Store;
}

function limited(method: keyof Store, args: unknown[], revisionsMax: number): unknown[] {
  if (method !== "readPage") return args;
  const [after, limits] = args as Parameters<Store["readPage"]>;
  return [after, { ...limits, revisions: Math.min(limits.revisions, revisionsMax) }];
}
