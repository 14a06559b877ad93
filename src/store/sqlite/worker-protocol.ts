import type { ErrorJson } from "../../base/errors.ts";
import type { Commit } from "../commits.ts";
import type { Identity } from "../rows.ts";
import type { StoreMethod } from "../store.ts";

/** What the worker is started with. */
export interface WorkerData {
  readonly file: string;
  /** Makes the file with this identity; without it the file is opened. */
  readonly create: Identity | null;
  /** How far the clock is off, in memory that is shared. */
  readonly shift?: SharedArrayBuffer;
}

/** A call of one of the store's methods. */
export interface WorkerCall {
  readonly id: number;
  readonly method: StoreMethod;
  readonly args: readonly unknown[];
}

/** The answer to a call; id 0 tells whether the store could be opened. Or the news of a commit. */
export type WorkerAnswer =
  | { readonly committed: Commit }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ErrorJson };
