import type { ChangesetId, ObjectId, RevisionId } from "../../base/ids.ts";
import type { RandomSource } from "../../base/ports/random.ts";
import type { Instance } from "../../instance/instance.ts";
import type { Flow } from "../checkers/world-state.ts";
import { labelIn } from "../format/fields.ts";

/** What `as` named. */
export interface Labeled {
  readonly object: ObjectId;
  readonly revision: RevisionId;
}

/** The changeset that `as` named, and all its revisions. */
export interface LabeledChangeset {
  readonly id: ChangesetId;
  readonly revisions: readonly RevisionId[];
}

/** What connections carried, both ways. */
export interface Carried {
  readonly bytes: number;
  readonly frames: number;
  readonly batches: number;
}

export const NOTHING_CARRIED: Carried = { bytes: 0, frames: 0, batches: 0 };

/** What was carried between two moments. */
export function carriedSince(then: Carried, now: Carried): Carried {
  const [bytes, frames] = [now.bytes - then.bytes, now.frames - then.frames];
  return { bytes, frames, batches: now.batches - then.batches };
}

/** What checks look at, wherever a scenario is played: instances by name, revisions by label. */
export interface Scene {
  readonly names: readonly string[];
  /** The ways that data goes. */
  readonly flows: readonly Flow[];
  readonly labels: Map<string, Labeled>;
  /** Changesets by label. */
  readonly changesets: Map<string, LabeledChangeset>;
  /** Objects by what they were created as: a purged one has no other name. */
  readonly created: Map<string, ObjectId>;
  /** What was carried since the last sync step began. */
  readonly carried: Carried;
  /** An instance as an observer reads it: what is durable. */
  look(name: string): Instance;
  /** Where new ids on an instance come from. */
  randomOf(name: string): RandomSource;
}

/** The revision or the changeset that a label stands for. */
export function labeledId({ labels, changesets }: Scene, label: string): string | undefined {
  return labels.get(label)?.revision ?? changesets.get(label)?.id;
}

/** An object by the label of one of its revisions, or as it was first called. */
export function objectOf({ labels, created }: Scene, ref: string): ObjectId | undefined {
  const label = labelIn(ref);
  return label === undefined ? created.get(ref) : labels.get(label)?.object;
}

/** What an instance finds an object by: its name, or the id of a labeled one. */
export function refOf({ labels }: Scene, ref: string): string {
  const label = labelIn(ref);
  return label === undefined ? ref : (labels.get(label)?.object ?? ref);
}
