import { isDeepStrictEqual } from "node:util";
import { isSynclineError } from "../../base/errors.ts";
import type { ObjectId } from "../../base/ids.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import type { Checks } from "../format/checks.ts";
import { conflictMisses } from "./check-conflicts.ts";
import { changesetMisses, diffMisses } from "./check-revisions.ts";
import { shownValue } from "./ckan-value.ts";
import { convergedFailures } from "./converged.ts";
import type { Miss } from "./failure.ts";
import { recoverableFailures } from "./recoverable.ts";
import { objectOf, refOf, type Scene } from "./scene.ts";
import { diffLines } from "./value-diff.ts";

/** What does not hold, a sentence each, with what is there instead. */
export async function checkAll(scene: Scene, checks: Checks): Promise<readonly Miss[]> {
  const found: Miss[] = [];
  const look = new Look(scene, found);
  for (const group of checks.converged ?? []) {
    found.push(...(await convergedFailures(scene, group)));
  }
  await look.each(checks.value, (who, ref, fields) => look.value(who, ref, fields));
  await look.each(checks.valueAt, (who, label, fields) => look.valueAt(who, label, fields));
  await look.each(checks.changesets, async (who, label, wanted) => {
    found.push(...(await changesetMisses(scene, who, label, wanted)));
  });
  for (const [who, diffs] of Object.entries(checks.diff ?? {})) {
    for (const one of diffs) {
      await look.try(who, async () => {
        found.push(...(await diffMisses(scene, who, one)));
      });
    }
  }
  await look.each(checks.names, (who, ref, name) => look.name(who, ref, name));
  await look.each(checks.roles, (who, ref, roles) => look.role(who, ref, roles));
  await look.each(checks.search, (who, query, refs) => look.search(who, query, refs));
  await look.each(checks.log, (who, ref, log) => look.log(who, ref, log));
  await look.each(checks.count, (who, type, count) => look.count(who, type, count));
  for (const state of ["absent", "deleted", "purged"] as const) {
    for (const [who, refs] of Object.entries(checks[state] ?? {})) {
      for (const ref of refs) await look.try(who, () => look.gone(who, ref, state));
    }
  }
  found.push(...(await conflictMisses(scene, checks)));
  for (const [who, refs] of Object.entries(checks.left ?? {})) {
    for (const ref of refs) await look.try(who, () => look.left(who, ref));
  }
  for (const [who, reasons] of Object.entries(checks.epochs ?? {})) {
    await look.try(who, () => look.epochs(who, reasons));
  }
  found.push(...(await recoverableFailures(scene, checks.recoverable ?? [])).map(missOf));
  look.wire(checks.wire ?? {});
  return found;
}

const print = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

class Look {
  readonly #scene: Scene;
  readonly #found: Miss[];

  constructor(scene: Scene, found: Miss[]) {
    this.#scene = scene;
    this.#found = found;
  }

  /** What an instance cannot show is a failure like any other; the checks after it still count. */
  async try(who: string, check: () => Promise<void>): Promise<void> {
    try {
      await check();
    } catch (error) {
      if (!isSynclineError(error)) throw error;
      this.#miss(`${who} cannot show it: ${error.code}: ${error.message}`);
    }
  }

  async each<T>(
    record: Readonly<Record<string, Readonly<Record<string, T>>>> | undefined,
    check: (who: string, what: string, wanted: T) => Promise<void>,
  ): Promise<void> {
    for (const [who, some] of Object.entries(record ?? {})) {
      for (const [what, wanted] of Object.entries(some)) {
        await this.try(who, () => check(who, what, wanted));
      }
    }
  }

  #demand(isTrue: boolean, what: () => string, diff: readonly string[] = []): void {
    if (!isTrue) this.#miss(what(), diff);
  }

  #miss(message: string, diff: readonly string[] = []): void {
    this.#found.push(diff.length === 0 ? { message } : { message, diff });
  }

  async #ckan(who: string, ref: string): Promise<JsonObject | undefined> {
    try {
      const instance = this.#scene.look(who);
      const shown = shownValue((await instance.get(refOf(this.#scene, ref))).ckan);
      const { owner_org: owner } = shown;
      if (typeof owner !== "string") return shown;
      // People know the organization by its name.
      const { effectiveName = null } = (await instance.store.object(owner as ObjectId)) ?? {};
      return { ...shown, owner_org: effectiveName ?? owner };
    } catch (error) {
      if (isSynclineError(error) && NOT_HERE.has(error.code)) return undefined;
      throw error;
    }
  }

  async value(who: string, ref: string, fields: JsonObject): Promise<void> {
    this.#compare(who, ref, fields, await this.#ckan(who, ref));
  }

  /** What an object was at a revision. */
  async valueAt(who: string, label: string, fields: JsonObject): Promise<void> {
    const { object, revision } = this.#scene.labels.get(label) ?? {};
    this.#compare(who, label, fields, await this.#ckan(who, `${object}@${revision}`));
  }

  #compare(who: string, ref: string, fields: JsonObject, shown: JsonObject | undefined): void {
    if (shown === undefined) {
      this.#miss(`${who} has no ${ref}`);
      return;
    }
    for (const [key, wanted] of Object.entries(shownValue(fields))) {
      const is: Json | undefined = shown[key];
      const same = isDeepStrictEqual(is, wanted) || (wanted === null && is === undefined);
      this.#demand(
        same,
        () => `${who} shows ${key} of ${ref} as ${print(is)}, not ${print(wanted)}`,
        diffLines({ [key]: wanted }, is === undefined ? {} : { [key]: is }),
      );
    }
  }

  async name(who: string, ref: string, wanted: string | null): Promise<void> {
    const { effectiveName } = await this.#scene.look(who).get(refOf(this.#scene, ref));
    this.#demand(isNamed(effectiveName, wanted), () => {
      return `${who} shows ${ref} as ${print(effectiveName)}, not ${print(wanted)}`;
    });
  }

  async role(who: string, ref: string, wanted: Readonly<Record<string, string>>): Promise<void> {
    for (const [user, role] of Object.entries(wanted)) {
      const [one, object] = [refOf(this.#scene, user), refOf(this.#scene, ref)];
      const found = await this.#scene.look(who).roleOf(one, object);
      this.#demand(found.role === role, () => {
        return `${user} is ${found.role} of ${ref} on ${who} (${found.because}), not ${role}`;
      });
    }
  }

  async search(who: string, text: string, refs: readonly string[]): Promise<void> {
    const { hits } = await this.#scene.look(who).search({ text, limit: 100 });
    const names = hits.map(({ type, name }) => `${type}/${name}`).sort();
    const wanted = [...refs].sort();
    this.#demand(isDeepStrictEqual(names, wanted), () => {
      return `${who} finds ${names.join(", ") || "nothing"} for "${text}", not ${wanted.join(", ")}`;
    });
  }

  async log(who: string, ref: string, wanted: number | readonly string[]): Promise<void> {
    const history = await this.#scene.look(who).history(refOf(this.#scene, ref));
    const made = history.filter(({ kind }) => kind === "revision");
    if (typeof wanted === "number") {
      this.#demand(made.length === wanted, () => {
        return `${who} has ${made.length} revisions of ${ref}, not ${wanted}`;
      });
      return;
    }
    for (const label of wanted) {
      const revision = this.#scene.labels.get(label)?.revision;
      this.#demand(
        made.some((entry) => entry.revision === revision),
        () => `${who} has no revision ${label} of ${ref}`,
      );
    }
  }

  async count(who: string, type: string, wanted: number): Promise<void> {
    const count = (await this.#scene.look(who).status()).objects[type] ?? 0;
    this.#demand(count === wanted, () => `${who} has ${count} × ${type}, not ${wanted}`);
  }

  async gone(who: string, ref: string, wanted: "absent" | "deleted" | "purged"): Promise<void> {
    const state = await this.#stateOf(who, ref);
    const holds = state === wanted || (wanted === "absent" && state === "purged");
    this.#demand(holds, () => `${ref} is ${state} on ${who}, not ${wanted}`);
  }

  async left(who: string, ref: string): Promise<void> {
    const state = await this.#stateOf(who, ref);
    const object = objectOf(this.#scene, ref) ?? (await this.#idOf(who, ref));
    const { store } = this.#scene.look(who);
    const hasLeft = object !== undefined && (await store.departures({ object })).length > 0;
    this.#demand(state !== "absent" && hasLeft, () => {
      return `${ref} is ${state} on ${who}, and did not leave the scope of a link`;
    });
  }

  async #idOf(who: string, ref: string): Promise<ObjectId | undefined> {
    try {
      return (await this.#scene.look(who).get(refOf(this.#scene, ref))).id;
    } catch (error) {
      if (isSynclineError(error) && NOT_HERE.has(error.code)) return undefined;
      throw error;
    }
  }

  async #stateOf(who: string, ref: string): Promise<string> {
    try {
      const { document } = await this.#scene.look(who).get(refOf(this.#scene, ref));
      return document === null ? "deleted" : "live";
    } catch (error) {
      if (!isSynclineError(error) || !NOT_HERE.has(error.code)) throw error;
      if (error.code === "OBJECT_PURGED") return "purged";
      return (await this.#isPurged(who, ref)) ? "purged" : "absent";
    }
  }

  /** A purged object has no name any more: its label tells which it was. */
  async #isPurged(who: string, ref: string): Promise<boolean> {
    const object = objectOf(this.#scene, ref);
    if (object === undefined) return false;
    return (await this.#scene.look(who).store.purges(0)).some((text) =>
      text.includes(`"object":"${object}"`),
    );
  }

  async epochs(who: string, wanted: readonly string[]): Promise<void> {
    const { former } = await this.#scene.look(who).whoami();
    const reasons = former.map(({ reason }) => reason);
    this.#demand(isDeepStrictEqual(reasons, wanted), () => {
      return `${who} began an epoch for ${print(reasons)}, not ${print(wanted)}`;
    });
  }

  wire({ bytesMax, framesMax, batchesMax }: NonNullable<Checks["wire"]>): void {
    const { bytes, frames, batches } = this.#scene.carried;
    const limits = [
      ["bytes", bytes, bytesMax],
      ["frames", frames, framesMax],
      ["batches", batches, batchesMax],
    ] as const;
    for (const [what, is, max] of limits) {
      this.#demand(max === undefined || is <= max, () => {
        return `the sync before carried ${is} ${what}, over ${max}`;
      });
    }
  }
}

/** A name that ends in `--*` stands for all that are derived from one. */
function isNamed(name: string | null, wanted: string | null): boolean {
  if (name === null || wanted === null || !wanted.endsWith(DERIVED)) return name === wanted;
  const stem = wanted.slice(0, -1);
  return name.startsWith(stem) && name.length > stem.length;
}

const DERIVED = "--*";

const NOT_HERE: ReadonlySet<string> = new Set(["OBJECT_NOT_FOUND", "OBJECT_PURGED"]);

function missOf(message: string): Miss {
  return { message };
}
