import { stateDigest } from "../../store/digest.ts";
import type { Checker } from "./world-state.ts";

/** An instance that receives from nobody is what its own people made it: syncing changed nothing. */
export const sourcesUnchanged: Checker = ({ instances, flows }) =>
  [...instances.values()]
    .filter(({ name }) => !flows.some(({ target }) => target === name))
    .flatMap(({ name, log, digest, authoredDigest }) => {
      const foreign = log.find(({ source }) => source !== null);
      if (foreign !== undefined) return [`${name} only sends, but received ${foreign.id}`];
      const expected = authoredDigest ?? stateDigest([], []);
      if (expected === digest) return [];
      return [`${name} only sends, but its digest went from ${expected} to ${digest}`];
    });
