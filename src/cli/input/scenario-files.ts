import { isUtf8 } from "node:buffer";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SynclineError } from "../../base/errors.ts";
import { SCENARIO_BYTES_MAX } from "../../scenario/format/fields.ts";
import {
  type PlacedScenario,
  readPlacedScenario,
  tooLarge,
} from "../../scenario/format/read-scenario.ts";
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
  const bytes = await bytesOf(cli, file);
  if (!isUtf8(bytes)) {
    throw new SynclineError("INVALID_SCENARIO", `${file} is not text in UTF-8`, {
      hint: "scenarios are YAML; is this the right file?",
    });
  }
  return { file, ...readPlacedScenario(bytes.toString("utf8"), file) };
}

async function bytesOf(cli: Cli, file: string): Promise<Buffer> {
  let size: number;
  try {
    const whole = resolve(cli.cwd, file);
    ({ size } = await stat(whole));
    if (size <= SCENARIO_BYTES_MAX) return await readFile(whole);
  } catch (error) {
    throw asFileError(file, error);
  }
  throw tooLarge(file);
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
