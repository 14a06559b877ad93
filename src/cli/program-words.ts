import { basename, dirname, isAbsolute, relative } from "node:path";
import { shellWord } from "./output/shell-word.ts";

/** How this process was started. */
export interface Started {
  /** The script that node was given. */
  readonly script: string | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * How a person calls the program where it was called now: `syncline` where that is installed, `npx
 * syncline` under npm, otherwise node with the script of a checkout.
 */
export function programWords({ script, cwd, env }: Started): string {
  if (script === undefined) return "syncline";
  if (basename(script) !== "syncline") return `node ${shellWord(pathFrom(cwd, script))}`;
  // npm puts folders in front of the search path, which are not there for who pastes a command.
  if (env.npm_command !== undefined) return "npx syncline";
  const folders = (env.PATH ?? "").split(":");
  if (folders.includes(dirname(script))) return "syncline";
  const path = pathFrom(cwd, script);
  return shellWord(path.includes("/") ? path : `./${path}`);
}

/** The shorter way to a file: from here if it is below, else from the root. */
function pathFrom(cwd: string, file: string): string {
  const way = relative(cwd, file);
  return way.startsWith("..") || isAbsolute(way) ? file : way;
}
