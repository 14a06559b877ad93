import { isUuid } from "../../base/ids.ts";
import { isJsonObject } from "../../base/json.ts";
import type { InstanceState } from "./world-state.ts";

/** What names in a scope may stand for. */
export interface NamedOnce {
  /** Whatever a name was found for, and when: these are among it. */
  sure(type: string, name: string): readonly string[];
  /** It was found for some of these, if for any. */
  ever(type: string, name: string): readonly string[];
}

/** Which objects ever bore which names, by the log of an instance, deleted ones too. */
export function namedOnce({ objects, log }: Pick<InstanceState, "objects" | "log">): NamedOnce {
  const names = new Map<string, Set<string>>();
  for (const { object, patch } of log) {
    for (const write of patch) {
      const value = write.op === "remove" ? undefined : write.value;
      const name = write.path === "" && isJsonObject(value ?? null) ? nameIn(value) : value;
      if (write.path !== "" && write.path !== "/name") continue;
      if (typeof name !== "string") continue;
      names.set(object, (names.get(object) ?? new Set()).add(name.normalize("NFC")));
    }
  }
  const ofType = (type: string) => objects.filter((one) => one.type === type);
  const bore = (id: string): ReadonlySet<string> => names.get(id) ?? new Set();
  /** An alias of an alias counts, too. */
  const relatives = (type: string, ids: readonly string[]): string[] => {
    const found = new Set(ids);
    for (let size = -1; size !== found.size; ) {
      size = found.size;
      const known = new Set([...found].flatMap((id) => [...bore(id)]));
      for (const { id } of ofType(type)) {
        if ([...bore(id)].some((name) => known.has(name))) found.add(id);
      }
    }
    return [...found];
  };
  const classOf = (type: string, id: string): string[] => {
    const own = objects.find((one) => one.id === id);
    if (own === undefined) return [];
    const others = ofType(type).filter(({ canonical }) => canonical === own.canonical);
    return [...new Set([id, ...(own.deleted ? [] : others.map((one) => one.id))])];
  };
  const ever = (type: string, name: string): string[] => {
    const key = name.normalize("NFC");
    if (isUuid(name)) return relatives(type, [name]);
    const bearers = ofType(type).filter(
      ({ id, effectiveName }) => bore(id).has(key) || effectiveName === name,
    );
    return relatives(
      type,
      bearers.map(({ id }) => id),
    );
  };
  return {
    ever,
    sure(type, name) {
      if (isUuid(name)) return classOf(type, name);
      // Whoever bears the name now was found, unless another one may have been before.
      const bearer = objects.find((one) => one.type === type && one.effectiveName === name);
      const own = bearer === undefined ? [] : classOf(type, bearer.id);
      return ever(type, name).every((id) => own.includes(id)) ? own : [];
    },
  };
}

function nameIn(value: unknown): unknown {
  return (value as { readonly name?: unknown }).name;
}
