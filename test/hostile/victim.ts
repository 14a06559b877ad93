/** A served folder that tells what its process costs, in memory and in pauses. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Server, serve, syncline } from "../e2e/syncline.ts";

const PROBE = fileURLToPath(new URL("probe.mjs", import.meta.url));

export interface Cost {
  readonly number: number;
  readonly longestMs: number;
  readonly rssPeak: number;
  readonly rss: number;
}

export class Victim {
  readonly folder: string;
  readonly #root: string;
  readonly #server: Server;

  private constructor(root: string, folder: string, server: Server) {
    this.#root = root;
    this.folder = folder;
    this.#server = server;
  }

  /** With one package, `harbor`. */
  static async start(): Promise<Victim> {
    const root = mkdtempSync(join(tmpdir(), "syncline-malice-"));
    const folder = join(root, "victim");
    await syncline(["init", folder, "--name", "victim"]);
    await syncline(["-C", folder, "import", "-"], { input: '{"name":"harbor","title":"Harbor"}' });
    const env = { NODE_OPTIONS: `--import ${PROBE}`, PROBE_FILE: join(root, "cost.json") };
    return new Victim(root, folder, await serve(folder, 0, env));
  }

  get url(): string {
    return this.#server.url;
  }

  async digest(): Promise<string> {
    const { stdout } = await syncline(["-C", this.folder, "status", "--json"]);
    return JSON.parse(stdout).digest;
  }

  /** What the process cost since the last time this was asked. */
  async cost(): Promise<Cost> {
    const last = this.#readCost()?.number ?? 0;
    this.#server.child.kill("SIGUSR2");
    for (;;) {
      const now = this.#readCost();
      if (now !== undefined && now.number > last) return now;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Undefined while it is not written, or not whole. */
  #readCost(): Cost | undefined {
    try {
      return JSON.parse(readFileSync(join(this.#root, "cost.json"), "utf8"));
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    rmSync(this.#root, { recursive: true });
  }
}
