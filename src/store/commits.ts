import type { Lsn } from "../base/ids.ts";
import type { LogWrites } from "../log/writes.ts";

/** A commit that peers may have to hear of. */
export interface Commit {
  /** The log's end after it. */
  readonly lsn: Lsn;
  /** It changed the policy's records. */
  readonly policy: boolean;
  /** It purged something. */
  readonly purges: boolean;
}

/** Is told of commits, and must not throw. */
export type CommitListener = (commit: Commit) => void;

/** Those who want to hear of a store's commits. */
export class Commits {
  readonly #listeners = new Set<CommitListener>();

  /** The returned function ends it. The same listener given twice hears twice. */
  subscribe(listener: CommitListener): () => void {
    const own: CommitListener = (commit) => listener(commit);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  tell(commit: Commit): void {
    for (const listener of [...this.#listeners]) listener(commit);
  }
}

/** What peers may have to hear of some writes; undefined for what concerns this instance alone. */
export function commitOf({ entries, policies, head }: LogWrites): Commit | undefined {
  if (entries.length === 0 && policies.length === 0) return undefined;
  const purges = entries.some(({ kind }) => kind === "purge");
  return { lsn: head.lsn, policy: policies.length > 0, purges };
}
