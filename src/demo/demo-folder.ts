import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The tour's own folder with one instance in each of two folders. */
export interface DemoFolder {
  readonly path: string;
  readonly hq: string;
  readonly branch: string;
  remove(): void;
}

/** Makes the folder among the machine's temporary ones. */
export function makeDemoFolder(): DemoFolder {
  const path = mkdtempSync(join(tmpdir(), "syncline-demo-"));
  return {
    path,
    hq: join(path, "hq"),
    branch: join(path, "branch"),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
