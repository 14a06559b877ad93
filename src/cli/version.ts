import { readFileSync } from "node:fs";

/** The version of the package this file belongs to; sources and build are equally deep. */
export function version(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
