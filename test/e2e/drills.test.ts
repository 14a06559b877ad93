// Proves that the drills of docs/operations.md go as written, with real processes and copied files:
// each step is run, has to end as shown, and print what is shown below it.
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { blocksIn, pageOf, type Step, steady, stepsIn } from "./console-blocks.ts";
import { type Server, serve, shell } from "./syncline.ts";

/** For some twenty processes one after the other, on a machine that is busy with others. */
const DRILL_MS_MAX = 300_000;

const page = pageOf("docs/operations.md");
const [setUp = "", ...drills] = page.slice(page.indexOf("\n## Drills\n")).split(/^### /m);

/** A shell in which people work: a folder, and what they left running. */
class Terminal {
  readonly #folder: string = temporaryFolder({});
  /** In the order they were started, as `kill %1` counts them. */
  readonly #jobs: Server[] = [];
  /** Where what shall listen at an address really does. */
  readonly #urls = new Map<string, string>();

  constructor() {
    onTestFinished(async () => {
      for (const job of this.#jobs) await job.stop();
    });
  }

  async run(step: Step): Promise<void> {
    const served = /^syncline -C (\S+) serve --port (\d+) &$/.exec(step.command);
    if (served !== null) return this.#serve(served[1] as string, served[2] as string);
    const killed = /^kill %(\d+)$/.exec(step.command);
    if (killed !== null) return void (await this.#jobs[Number(killed[1]) - 1]?.stop());
    await this.#compare(step);
  }

  async #serve(name: string, port: string): Promise<void> {
    const shown = `http://127.0.0.1:${port}`;
    const before = this.#urls.get(shown);
    const real = before === undefined ? 0 : Number(new URL(before).port);
    const job = await serve(join(this.#folder, name), real);
    this.#jobs.push(job);
    this.#urls.set(shown, job.url);
  }

  async #compare({ command, output }: Step): Promise<void> {
    const line = [...this.#urls].reduce((text, [shown, url]) => text.replace(shown, url), command);
    const { code, stdout } = await shell(`{ ${line}\n} 2>&1`, this.#folder);
    const isRefused = /^error: /m.test(output);
    expect(code === 0, `${command}\n${stdout}`).toBe(!isRefused);
    if (output === "") return;
    const printed = [...this.#urls].reduce(
      (text, [shown, url]) => text.replace(url, shown),
      stdout,
    );
    expect(steady(printed), command).toMatch(formOf(steady(output)));
  }
}

/** What is shown, where `…` stands for anything. */
function formOf(shown: string): RegExp {
  const parts = shown.split("…").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`);
}

test("there are drills", () => expect(drills.length).toBeGreaterThanOrEqual(6));

describe.each(drills.map((text) => [text.split("\n")[0] ?? "", text] as const))("%s", (_, text) => {
  test("goes as written", { timeout: DRILL_MS_MAX }, async () => {
    const terminal = new Terminal();
    for (const block of [setUp, text].flatMap((part) => blocksIn(part, "console"))) {
      for (const step of stepsIn(block)) await terminal.run(step);
    }
  });
});
