import { canonicalize } from "../base/canonical.ts";
import { isSynclineError } from "../base/errors.ts";
import type { RevisionId } from "../base/ids.ts";
import { type ConflictRecord, conflictLog } from "../merge/conflict-log.ts";
import type { Graph } from "../merge/graph.ts";
import { impliedConflicts } from "../merge/implied-conflicts.ts";
import type { Policy } from "../merge/policy.ts";
import { bodyHashOf, type Content } from "../model/content.ts";
import type { Revision } from "../model/record.ts";
import { type Edition, knows } from "./edition.ts";
import { isEarlier } from "./name-writer.ts";

/*
 * An object is parked while one of its heads was written by a newer schema or algorithm than this
 * program knows. Nothing of it is merged then, and nothing is authored over it: it is served as its
 * newest revision says whose content is certain, because the hash in the record proves it. What is
 * here is a function of the set of revisions, as everywhere: two programs of one age agree.
 */

/** What a parked object is served as. */
export interface Served {
  readonly revision: RevisionId;
  readonly content: Content;
  readonly text: string;
  readonly bodyHash: string;
}

/**
 * The newest revision at or below a frontier whose content is known. There is one: a creation holds
 * its content itself.
 */
export function servedAt(graph: Graph, frontier: readonly RevisionId[]): Served {
  const open = frontier.map((id) => graph.revision(id));
  for (;;) {
    const newest = open.reduce((best, next) => (isEarlier(best, next) ? next : best));
    const content = contentIfKnown(graph, newest.id);
    if (content !== undefined) {
      const text = canonicalize(content);
      return { revision: newest.id, content, text, bodyHash: bodyHashOf(content, text) };
    }
    const parents = newest.parents.filter((id) => open.every((one) => one.id !== id));
    open.splice(open.indexOf(newest), 1, ...parents.map((id) => graph.revision(id)));
  }
}

function contentIfKnown(graph: Graph, id: RevisionId): Content | undefined {
  try {
    return graph.content(id);
  } catch (error) {
    if (isSynclineError(error, "OBJECT_PARKED")) return undefined;
    throw error;
  }
}

/**
 * The conflict log of a parked object: what its known revisions met. Of the heads it says nothing:
 * whether they disagree is for the newer rules to say.
 */
export function parkedLog(
  graph: Graph,
  edition: Edition,
  revisions: readonly Revision[],
  policy: Policy,
): ConflictRecord[] {
  const known = new Set(revisions.filter((one) => knows(edition, one)).map(({ id }) => id));
  return conflictLog(graph, revisions, [], policy, [], (revision) =>
    known.has(revision.id) ? impliedConflicts(graph, revision, policy) : [],
  );
}
