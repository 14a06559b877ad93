import type { ErrorCode } from "../../../src/base/error-codes.ts";
import type { RevisionId } from "../../../src/base/ids.ts";
import type { Revision } from "../../../src/model/record.ts";
import type { Planted } from "../../../src/scenario/world/simulated-instance.ts";
import { EPOCH_MS } from "../../../src/scenario/world/virtual-clock.ts";
import type { EpochReason } from "../../../src/store/continuity.ts";
import type { RunRow } from "../../../src/store/rows.ts";
import { cursorOnly, withMethods } from "./planted.ts";

const RUNS_LOOKED_AT = 10;

/** A run that ends like this takes its link with it. */
function linkLostWith(isMeant: (run: RunRow, others: readonly RunRow[]) => boolean): Planted {
  return {
    port: (store) =>
      withMethods(store, {
        async saveRun(run) {
          const others = await store.runs({ link: run.link, limit: RUNS_LOOKED_AT });
          await store.saveRun(run);
          if (run.link !== "" && isMeant(run, others)) await store.removeLink(run.link);
        },
      }),
  };
}

export function linkLostWithCode(code: ErrorCode): Planted {
  return linkLostWith(({ error }) => error?.code === code);
}

/** The same of one beside which another one went on. */
export const linkLostWhenDoubled: Planted = linkLostWith(({ id, started, ended }, others) =>
  others.some((one) => one.id !== id && one.started < ended && one.ended > started),
);

/** The same of one that somebody agreed to, after it was held. */
export const linkLostWhenAgreed: Planted = linkLostWith(({ outcome }, others) => {
  return outcome === "ok" && others.some(({ error }) => error?.code === "REMOVALS_HELD");
});

const LONG_MS = 4_000;

/** The same of a run that takes long. */
export const linkLostWhenSlow: Planted = linkLostWith(({ started, ended }) => {
  return Date.parse(ended) - Date.parse(started) > LONG_MS;
});

/** An instance that began a new epoch for this reason does not find its links any more. */
export function linksLostSince(reason: EpochReason): Planted {
  return {
    port: (store) =>
      withMethods(store, {
        async links() {
          const { former } = await store.continuity();
          return former.some((one) => one.reason === reason) ? [] : await store.links();
        },
      }),
  };
}

/** An instance that met two of one name, the second set up in the place of the first, loses its links. */
export const linksLostAmongNamesakes: Planted = {
  port: (store) =>
    withMethods(store, {
      async links() {
        const names = (await store.peers()).map(({ name }) => name);
        return new Set(names).size < names.length ? [] : await store.links();
      },
    }),
};

const DAY_MS = 24 * 60 * 60 * 1000;

/** An edit by a clock that is days off is acknowledged as another one. */
export const editsFarOff: Planted = {
  port: (store) =>
    withMethods(store, {
      async author(command) {
        const outcome = await store.author(command);
        const [first] = outcome.revisions;
        const text = first === undefined ? undefined : (await store.entry(first.id))?.text;
        if (text === undefined) return outcome;
        const { hlc } = JSON.parse(text) as Revision;
        if (Math.abs(hlc / 1000 - EPOCH_MS) < DAY_MS) return outcome;
        const id = "01946967-dc0a-7000-8000-012e76bf0b0a" as RevisionId;
        return { ...outcome, revisions: outcome.revisions.map((one) => ({ ...one, id })) };
      },
    }),
};

/** Batches with records of a newer version are dropped, and taken for stored. */
export const newerDropped: Planted = {
  port: (store) =>
    withMethods(store, {
      async apply(batch) {
        const isNewer = Buffer.from(batch.bytes).includes('"schema":2');
        return await store.apply(isNewer ? cursorOnly(batch) : batch);
      },
    }),
};

/** Policies that a peer has are not taken. */
export const policiesIgnored: Planted = {
  port: (store) =>
    withMethods(store, {
      async takePolicies(offer) {
        const { records } = await store.policies();
        return await store.takePolicies({ ...offer, records });
      },
    }),
};
