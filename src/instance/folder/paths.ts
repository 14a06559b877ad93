import { existsSync } from "node:fs";
import { join } from "node:path";

/** The files of an instance's folder. */
export interface InstancePaths {
  readonly folder: string;
  /** Log and state; the folder is an instance because this is there. */
  readonly catalog: string;
  /** The full-text index; derived, may be deleted while nobody has it open. */
  readonly search: string;
  /** Held by the process that writes. */
  readonly lock: string;
  /** What the catalog held when it was last looked at. */
  readonly sidecar: string;
  /** How to reach the process that serves the folder. */
  readonly serve: string;
}

export function instancePaths(folder: string): InstancePaths {
  return {
    folder,
    catalog: join(folder, "catalog.db"),
    search: join(folder, "search.db"),
    lock: join(folder, "lock.db"),
    sidecar: join(folder, "continuity.json"),
    serve: join(folder, "serve.json"),
  };
}

/** True when the folder holds an instance. */
export function holdsInstance(folder: string): boolean {
  return existsSync(instancePaths(folder).catalog);
}
