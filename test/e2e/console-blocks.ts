/** The commands that pages show, with what they print. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../toolchain/temporary-folder.ts";

export interface Step {
  readonly command: string;
  readonly output: string;
}

export interface Block {
  /** What stands behind the language. */
  readonly title: string;
  readonly text: string;
}

export function pageOf(path: string): string {
  return readFileSync(join(repositoryRoot, path), "utf8");
}

/** The code blocks of a language in a page, or a part of one. */
export function blocksIn(page: string, language: string): Block[] {
  const form = new RegExp(`^\`\`\`${language}(.*)\n([^]*?)^\`\`\`$`, "gm");
  return [...page.matchAll(form)].map(([, title = "", text = ""]) => {
    return { title: title.trim(), text };
  });
}

/** The steps of a block: lines that begin with `$`, and what stands below each. */
export function stepsIn({ text }: Block): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command = "", ...output] = step.split("\n");
      return { command, output: output.join("\n") };
    });
}

/** Text without what differs from run to run. */
export function steady(text: string): string {
  return text
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UUID")
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}\b/g, "RUN")
    .replace(/\b(?:[0-9a-f]{8}|[0-9a-f]{12,16})\b/g, "HASH")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/^\d\d:\d\d:\d\d(?= )/gm, "CLOCK")
    .replace(/[\d.]+ (k?B|s)\b/g, "N $1")
    .replace(/\S*\/(hq|branch)$/gm, "/FOLDER/$1")
    .replace(/ +/g, " ");
}
