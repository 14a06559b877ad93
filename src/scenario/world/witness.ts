import type { Edition } from "../../log/edition.ts";
import type { RunRow } from "../../store/rows.ts";
import type { PutAside } from "./disasters.ts";
import type { CommitFault } from "./faults.ts";
import type { PlannedLink } from "./links.ts";
import type { SetBackHow } from "./simulated-folder.ts";
import type { Commit, CommitKind } from "./simulated-store.ts";

/** What is done to an instance as a whole. */
export type Deed = { readonly on: string } & (
  | { readonly backup: PutAside }
  | { readonly restoreBackup: PutAside; readonly how: SetBackHow }
  | { readonly clone: string; readonly isMachine: boolean }
  | { readonly newIdentity: true }
  | { readonly keepIdentity: true }
  | { readonly linkAgain: string }
  | { readonly wipe: true }
  | { readonly pauseMs: number }
  | { readonly cutPower: "older" | "gone" }
  | { readonly update: Edition }
);

/** Why a process ended: it was stopped, fell, or fell at a commit. */
export type EndedHow = "asked" | "crash" | "crash before commit" | "crash after commit";

/** Hears of all that happens in a world and that may be told again. */
export interface Witness {
  /** Something is about to be done to an instance. */
  did(deed: Deed): void;
  committed(on: string, commit: Commit): void;
  /** A commit is about to go wrong. */
  failed(on: string, fault: CommitFault, kind: CommitKind, argument: unknown): void;
  ended(on: string, how: EndedHow): void;
  /** A link is run; the returned function hears of the end, unless its owner goes down. */
  ran(link: PlannedLink): (run: RunRow | undefined) => void;
  /** A frame arrived that this instance sent. */
  delivered(from: string): void;
}
