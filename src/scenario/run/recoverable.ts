import { canonicalize } from "../../base/canonical.ts";
import type { Json } from "../../base/json.ts";
import type { Revision } from "../../model/record.ts";
import type { Labeled, Scene } from "./scene.ts";

/**
 * What of some revisions is lost: on each instance that has the revision, each value that it wrote
 * has to stand where it was written, or be a candidate of a conflict, or have been written over by
 * somebody who saw it.
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
  const { document } = await instance.get(object);
  const { items } = await instance.conflicts({ object });
  const record = JSON.parse(entry.text) as Revision;
  const over = await writtenOver(scene, name, record);
  const lost = record.patch.filter((write) => {
    if (write.path === "" || over.has(write.path)) return false;
    const value = "value" in write ? write.value : undefined;
    const stands = same(valueAt(document, write.path), value);
    const isCandidate = items.some(
      ({ path, candidates }) =>
        path === write.path && candidates.some((one) => one.revision === revision),
    );
    return !stands && !isCandidate;
  });
  return lost.map(({ path }) => path);
}

/** Paths that a later revision wrote whose author saw this one. */
async function writtenOver(
  scene: Scene,
  name: string,
  { id, object }: Revision,
): Promise<ReadonlySet<string>> {
  const history = await scene.look(name).history(object);
  const after = new Set<string>([id]);
  const paths = new Set<string>();
  for (const { kind, revision, parents, patch } of [...history].reverse()) {
    if (kind !== "revision" || !parents.some((parent) => after.has(parent))) continue;
    after.add(revision);
    for (const write of patch) paths.add(write.path);
  }
  return paths;
}

function valueAt(document: Json, path: string): Json | undefined {
  let value: Json | undefined = document;
  for (const key of path.split("/").slice(1)) {
    const plain = key.replaceAll("~1", "/").replaceAll("~0", "~");
    value = (value as Record<string, Json> | null | undefined)?.[plain];
  }
  return value;
}

function same(one: Json | undefined, other: Json | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalize(one) === canonicalize(other);
}
