import { instanceOf } from "../../base/ids.ts";
import { stateDigest } from "../../store/digest.ts";
import type { Checker } from "./world-state.ts";

/**
 * An instance that receives from nobody is what its own people made it: syncing changed nothing, but
 * that it brought back what they had made before it was set back, or in a copy of it.
 */
export const sourcesUnchanged: Checker = ({ instances }) =>
  [...instances.values()]
    .filter(({ onlySends }) => onlySends)
    .flatMap(({ name, ids, log, digest, authoredDigest }) => {
      const foreign = log.find(({ source, actor }) => {
        return source !== null && !ids.has(instanceOf(actor));
      });
      if (foreign !== undefined) return [`${name} only sends, but received ${foreign.id}`];
      const expected = authoredDigest ?? stateDigest([], []);
      if (expected === digest) return [];
      return [`${name} only sends, but its digest went from ${expected} to ${digest}`];
    });
