/**
 * The conformance suite of the Store port: what authoring, applying and reading promise, run by one
 * test file for each implementation.
 */
import { afterEach, describe } from "vitest";
import type { Identity } from "../../src/store/rows.ts";
import type { Store } from "../../src/store/store.ts";
import { applying } from "./suite/applying.ts";
import { authoring } from "./suite/authoring.ts";
import { claiming } from "./suite/claiming.ts";
import { continuing } from "./suite/continuing.ts";
import { diverging } from "./suite/diverging.ts";
import { doors } from "./suite/doors.ts";
import { dropping } from "./suite/dropping.ts";
import { housekeeping } from "./suite/housekeeping.ts";
import { mapping } from "./suite/mapping.ts";
import { naming } from "./suite/naming.ts";
import { parking } from "./suite/parking.ts";
import { purging } from "./suite/purging.ts";
import { quarantining } from "./suite/quarantining.ts";
import { reading } from "./suite/reading.ts";
import { removing } from "./suite/removing.ts";
import { resolving } from "./suite/resolving.ts";
import { retrying } from "./suite/retrying.ts";
import { returning } from "./suite/returning.ts";
import { marking, scoping } from "./suite/scoping.ts";
import { telling } from "./suite/telling.ts";

/** Makes an empty store with an identity. */
export type MakeStore = (identity: Identity) => Promise<Store> | Store;

/** Makes stores that end with their test. */
export type Open = (identity: Identity) => Promise<Store>;

export function storeSuite(name: string, make: MakeStore): void {
  const opened: Store[] = [];
  const open: Open = async (identity) => {
    const store = await make(identity);
    opened.push(store);
    return store;
  };

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });

  describe(name, () => {
    authoring(open);
    doors(open);
    applying(open);
    claiming(open);
    quarantining(open);
    retrying(open);
    returning(open);
    continuing(open);
    diverging(open);
    resolving(open);
    naming(open);
    mapping(open);
    purging(open);
    removing(open);
    scoping(open);
    marking(open);
    dropping(open);
    parking(open);
    reading(open);
    telling(open);
    housekeeping(open);
  });
}
