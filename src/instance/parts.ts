import type { Clock } from "../base/ports/clock.ts";
import type { RandomSource } from "../base/ports/random.ts";
import type { Edition } from "../log/edition.ts";
import type { SearchIndex } from "../search/search-index.ts";
import type { Identity } from "../store/rows.ts";
import type { Store } from "../store/store.ts";

/** What the parts of an open instance share. */
export interface InstanceParts {
  readonly identity: Identity;
  /** Reads see commits only; writes return once durable, and the search index follows them. */
  readonly store: Store;
  readonly search: SearchIndex;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** What the program knows. */
  readonly edition: Edition;
}
