import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type FileMark, parseSidecar, printSidecar, type Sidecar } from "../sidecar.ts";
import type { SidecarPlace } from "../sidecar-keeper.ts";
import type { InstancePaths } from "./paths.ts";

/** The sidecar of an instance's folder. */
export function sidecarPlace(paths: InstancePaths): SidecarPlace {
  return {
    read: () => readSidecar(paths),
    write: (sidecar) => writeSidecar(paths, sidecar),
    mark: () => markOf(paths.catalog),
  };
}

export function markOf(catalog: string): FileMark {
  const { ino, birthtimeNs, ctimeNs } = statSync(catalog, { bigint: true });
  return { file: `${ino}-${birthtimeNs}`, changed: String(ctimeNs) };
}

function readSidecar({ sidecar }: InstancePaths): Sidecar | undefined {
  try {
    return parseSidecar(readFileSync(sidecar, "utf8"));
  } catch {
    return undefined;
  }
}

/** Replaces the file. Where that fails the one before stays, which trails: no reason to stop. */
export function writeSidecar({ sidecar: path }: InstancePaths, sidecar: Sidecar): void {
  const draft = `${path}.new`;
  try {
    writeFileSync(draft, printSidecar(sidecar), { mode: 0o600 });
    renameSync(draft, path);
  } catch {
    rmSync(draft, { force: true });
  }
}
