/** A shell in which people work through a page: its files, commands, and what they left running. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { blocksIn, type Step, steady, stepsIn } from "./console-blocks.ts";
import { type Server, serve, shell, start } from "./syncline.ts";

/** How long what was just begun may take to show, on a machine that is busy with others. */
const APPEARS_MS_MAX = 30_000;
const LOOKS_AGAIN_MS = 100;

/** What only looks is run again until it shows what it should: a live link takes a moment. */
const LOOKING = /^syncline -C \S+ (?:status|show) [^|;]*$|^syncline -C \S+ status$/;
/** What a person presses to end a command, as a line of its output. */
const CTRL_C = "^C\n";
/** An id in a command, or at the beginning of a line of a table; a part of one will do. */
const ID = "(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}(?:-[0-9a-f]{4}){0,3}(?:-[0-9a-f]{12})?\\b";

export class Terminal {
  readonly #folder: string = temporaryFolder({});
  /** In the order they were started, as `kill %1` counts them. */
  readonly #jobs: Server[] = [];
  /** Where what shall listen at an address really does. */
  readonly #urls = new Map<string, string>();
  /** Which ids stand here for those that the page shows. */
  readonly #ids = new Map<string, string>();

  constructor() {
    onTestFinished(async () => {
      for (const job of this.#jobs) await job.stop();
    });
  }

  /** Does all that a part of a page shows, after writing its files that have a name. */
  async follow(part: string): Promise<void> {
    for (const language of ["json", "jsonl"]) {
      const files = blocksIn(part, language).filter(({ title }) => title !== "");
      for (const { title, text } of files) writeFileSync(join(this.#folder, title), text);
    }
    for (const block of blocksIn(part, "console")) {
      for (const step of stepsIn(block)) await this.#run(step);
    }
  }

  async #run(step: Step): Promise<void> {
    const served = /^syncline -C (\S+) serve --port (\d+) &$/.exec(step.command);
    if (served !== null) return this.#serve(served[1] as string, served[2] as string);
    const killed = /^kill %(\d+)$/.exec(step.command);
    if (killed !== null) return void (await this.#jobs[Number(killed[1]) - 1]?.stop());
    if (step.output.includes(CTRL_C)) return this.#interrupt(step);
    return this.#compare(step);
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
    const form = formOf(output);
    const looksUntilMs = LOOKING.test(command) ? performance.now() + APPEARS_MS_MAX : 0;
    let [code, printed] = await this.#shell(command);
    while (!form.test(steady(printed)) && performance.now() < looksUntilMs) {
      await new Promise((resolve) => setTimeout(resolve, LOOKS_AGAIN_MS));
      [code, printed] = await this.#shell(command);
    }
    const isRefused = /^error: /m.test(output);
    expect(code === 0, `${command}\n${printed}`).toBe(!isRefused);
    if (output === "") return;
    expect(steady(printed), command).toMatch(form);
    this.#learn(output, printed);
  }

  async #shell(command: string): Promise<readonly [code: number | null, printed: string]> {
    const line = this.#asHere(command);
    const { code, stdout } = await shell(`{ ${line}\n} 2>&1`, this.#folder);
    return [code, this.#asShown(stdout)];
  }

  /** Runs a command and presses Ctrl-C as soon as it has printed what stands before that. */
  async #interrupt({ command, output }: Step): Promise<void> {
    const [, name = "", rest = ""] = /^syncline -C (\S+) (.*)$/.exec(command) ?? [];
    const { child, result } = start(["-C", join(this.#folder, name), ...rest.split(" ")]);
    const before = formOf(output.slice(0, output.indexOf(CTRL_C)));
    const giveUp = setTimeout(() => child.kill("SIGINT"), APPEARS_MS_MAX);
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: string) => {
        printed += text;
        if (before.test(steady(printed))) child.kill("SIGINT");
      });
    }
    const { code } = await result;
    clearTimeout(giveUp);
    expect(steady(printed), command).toMatch(formOf(output.replace(CTRL_C, "")));
    expect(code, command).toBe(0);
  }

  #asHere(command: string): string {
    const line = [...this.#urls].reduce((text, [shown, url]) => text.replace(shown, url), command);
    return line.replace(new RegExp(`\\b${ID}`, "g"), (id) => this.#idFor(id));
  }

  #idFor(id: string): string {
    const known = [...this.#ids].find(([shown]) => shown.startsWith(id));
    return known === undefined ? id : known[1].slice(0, id.length);
  }

  #asShown(printed: string): string {
    const urls = [...this.#urls];
    return urls.reduce((text, [shown, url]) => text.replaceAll(url, shown), printed);
  }

  /** The ids in the first column of a table, where all of its rows are shown. */
  #learn(output: string, printed: string): void {
    const column = new RegExp(`^${ID}`, "gm");
    const [shown, real] = [output, printed].map((text) => text.match(column) ?? []);
    if (shown === undefined || shown.length !== real?.length) return;
    for (const [row, id] of shown.entries()) this.#ids.set(id, real[row] as string);
  }
}

/** What is shown, where `…` stands for anything; no output stands for any. */
function formOf(output: string): RegExp {
  if (output === "") return /(?:)/;
  const parts = steady(output)
    .split("…")
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`);
}
