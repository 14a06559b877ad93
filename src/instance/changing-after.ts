import { isSynclineError } from "../base/errors.ts";
import type { Instance } from "./instance.ts";

/** What changes the catalog. All of it first looks at what is there. */
const CHANGING = [
  ...(["change", "create", "set", "patch", "rename", "delete", "undelete"] as const),
  ...(["purge", "shun", "import", "undo"] as const),
  ...(["resolveConflict", "resolveConflicts", "setPolicy", "adoptPolicy"] as const),
] satisfies readonly (keyof Instance)[];

/**
 * The same instance, which awaits something before each change, and before it says that an object
 * is not here: somebody may be about to edit it.
 */
export function changingAfter(instance: Instance, ready: () => Promise<void>): Instance {
  const changes = CHANGING.map((method) => {
    const change = instance[method] as (...args: unknown[]) => Promise<unknown>;
    const whenReady = async (...args: unknown[]): Promise<unknown> => {
      await ready();
      return change(...args);
    };
    return [method, whenReady];
  });
  const get: Instance["get"] = async (ref) => {
    try {
      return await instance.get(ref);
    } catch (error) {
      if (!isSynclineError(error, "OBJECT_NOT_FOUND")) throw error;
      await ready();
      return instance.get(ref);
    }
  };
  return { ...instance, ...Object.fromEntries(changes), get };
}
