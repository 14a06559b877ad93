import { canonicalize } from "../../base/canonical.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { eachLeaf, leavesOf } from "../../model/content.ts";
import type { Revision } from "../../model/record.ts";
import type { Labeled, Scene } from "./scene.ts";

/**
 * What of some revisions is lost: on each instance that has the revision, each value that it wrote
 * has to stand where it was written (hidden, where what it is in is deleted: an undelete brings it
 * back), or be a candidate of a conflict, or have been written over by somebody who saw it.
 */
export async function recoverableFailures(
  scene: Scene,
  labels: readonly string[],
): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const label of labels) {
    const labeled = scene.labels.get(label);
    if (labeled === undefined) continue;
    let seen = false;
    for (const name of scene.names) {
      const lost = await lostOn(scene, name, labeled);
      if (lost === undefined) continue;
      seen = true;
      failures.push(...lost.map((path) => `${label} wrote ${path}, which is lost on ${name}`));
    }
    if (!seen) failures.push(`nobody has the revision ${label}`);
  }
  return failures;
}

/** The paths whose values are lost; undefined where the revision is not here. */
async function lostOn(
  scene: Scene,
  name: string,
  { object, revision }: Labeled,
): Promise<readonly string[] | undefined> {
  const instance = scene.look(name);
  const entry = await instance.store.entry(revision);
  if (entry === undefined) return undefined;
  const row = await instance.store.object(object);
  const content = leavesOf(row === undefined ? {} : (JSON.parse(row.text) as JsonObject));
  const { items } = await instance.conflicts({ object });
  const record = JSON.parse(entry.text) as Revision;
  const over = await writtenOver(scene, name, record);
  const lost = [...leavesWritten(record)].filter(([path, value]) => {
    const stands = same(content.get(path), value);
    const isOver = over.some((later) => path === later || path.startsWith(`${later}/`));
    const isCandidate = items.some(
      (item) =>
        item.path === path && item.candidates.some((candidate) => candidate.revision === revision),
    );
    return !stands && !isOver && !isCandidate;
  });
  return lost.map(([path]) => path);
}

/** What a revision wrote, leaf by leaf; undefined for a removal. */
function leavesWritten({ patch }: Revision): ReadonlyMap<string, Json | undefined> {
  const leaves = new Map<string, Json | undefined>();
  for (const write of patch) {
    if (write.op === "remove") leaves.set(write.path, undefined);
    else eachLeaf(write.value, write.path, (path, leaf) => leaves.set(path, leaf));
  }
  return leaves;
}

/** Paths that a later revision wrote whose author saw this one. */
async function writtenOver(
  scene: Scene,
  name: string,
  { id, object }: Revision,
): Promise<readonly string[]> {
  const history = await scene.look(name).history(object);
  const after = new Set<string>([id]);
  const paths = new Set<string>();
  for (const { kind, revision, parents, patch } of [...history].reverse()) {
    if (kind !== "revision" || !parents.some((parent) => after.has(parent))) continue;
    after.add(revision);
    for (const write of patch) paths.add(write.path);
  }
  return [...paths];
}

function same(one: Json | undefined, other: Json | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalize(one) === canonicalize(other);
}
