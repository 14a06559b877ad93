import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SynclineError } from "../../base/errors.ts";
import { parseJson } from "../../base/ingress/parse-json.ts";
import { isJsonObject, type JsonObject } from "../../base/json.ts";
import { DOCUMENT_BYTES_MAX } from "../../base/limits.ts";
import type { Cli } from "../cli.ts";

/** An edited document that is not stored yet. */
export interface EditedText {
  /** Hands the document to `work`; when that fails, the text stays and the error says where. */
  store<T>(work: (document: JsonObject) => Promise<T>): Promise<T>;
}

/**
 * Opens a document in the person's editor and waits. The text lies in a folder that only this user
 * can read, and is removed once its content is stored.
 */
export async function editText(cli: Cli, document: JsonObject, name: string): Promise<EditedText> {
  const folder = await mkdtemp(join(tmpdir(), "syncline-edit-"));
  const file = join(folder, `${name.replace(/[^\w.-]+/g, "-").slice(0, 80)}.json`);
  await writeFile(file, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600 });
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
  await runEditor(cli, file).catch(async (error) => {
    await discard();
    throw error;
  });
  return {
    async store(work) {
      try {
        const result = await work(await readDocument(file));
        await discard();
        return result;
      } catch (error) {
        cli.err.write(`your text is kept in ${file}\n`);
        throw error;
      }
    },
  };
}

async function runEditor(cli: Cli, file: string): Promise<void> {
  const editor = [cli.env.VISUAL, cli.env.EDITOR, "vi"].find((each) => each) as string;
  // Through a shell, since the variable may hold options: `code --wait`.
  const child = spawn("sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: "inherit" });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code === 0) return;
  throw new SynclineError("INTERRUPTED", `the editor ended with ${code ?? "a signal"}`, {
    where: editor,
    hint: "nothing was changed; $EDITOR names another editor, --set needs none",
  });
}

async function readDocument(file: string): Promise<JsonObject> {
  const document = parseJson(await readFile(file), {
    bytesMax: DOCUMENT_BYTES_MAX * 2,
    where: file,
  });
  if (isJsonObject(document)) return document;
  throw new SynclineError("INVALID_OBJECT", "an object is a JSON object", { where: file });
}
