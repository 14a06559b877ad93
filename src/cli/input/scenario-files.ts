import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SynclineError } from "../../base/errors.ts";
import { type PlacedScenario, readPlacedScenario } from "../../scenario/format/read-scenario.ts";
import type { Cli } from "../cli.ts";
import { asFileError } from "./open-input.ts";

export interface ScenarioFile extends PlacedScenario {
  /** As the user wrote it. */
  readonly file: string;
}

/** The scenarios in files and folders, in order of their names. Throws for the first bad one. */
export async function scenarioFiles(
  cli: Cli,
  paths: readonly string[],
): Promise<readonly ScenarioFile[]> {
  const files: string[] = [];
  for (const path of paths) files.push(...(await filesAt(cli, path)));
  return Promise.all(files.map((file) => readScenarioFile(cli, file)));
}

async function readScenarioFile(cli: Cli, file: string): Promise<ScenarioFile> {
  let text: string;
  try {
    text = await readFile(resolve(cli.cwd, file), "utf8");
  } catch (error) {
    throw asFileError(file, error);
  }
  return { file, ...readPlacedScenario(text, file) };
}

async function filesAt(cli: Cli, path: string): Promise<readonly string[]> {
  try {
    const whole = resolve(cli.cwd, path);
    if (!(await stat(whole)).isDirectory()) return [path];
    const names = await readdir(whole, { recursive: true });
    const found = names.filter((name) => /\.ya?ml$/.test(name)).sort();
    if (found.length > 0) return found.map((name) => join(path, name));
  } catch (error) {
    throw asFileError(path, error);
  }
  throw new SynclineError("FILE_NOT_FOUND", `${path} holds no scenario`, {
    hint: "scenarios are files that end in .yaml",
  });
}
