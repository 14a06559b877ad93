import type { InstanceId, Lsn } from "../base/ids.ts";
import type { WithinScope } from "./rows.ts";

/** How much one page takes, and whose entries need not be sent. */
export interface PageLimits {
  readonly revisions: number;
  readonly bytes: number;
  /** Entries that came from this peer are left out where many follow each other, else stubs. */
  readonly skip?: InstanceId | undefined;
  /**
   * Only what this instance authored, in whatever epoch, and what that builds on: it held that, too,
   * whoever made it. The others are left out likewise.
   */
  readonly only?: InstanceId | undefined;
  /** With `only`: of these epochs of it nothing, since a copy wrote in them. */
  readonly except?: readonly string[] | undefined;
  /** No entry beyond this position. */
  readonly upTo?: Lsn | undefined;
  /** Entries of objects outside are left out likewise; purges are always inside. */
  readonly within?: WithinScope | undefined;
}
