// Proves that what is acknowledged stays, whatever ends the process: a kill at a random moment, or
// a disk that is full. Afterwards the file opens, verifies and goes on.
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { SqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { newFile, removeFoldersAfterwards } from "./folders.ts";
import { command, identity, put, TestRandom, testPorts } from "./helpers.ts";
import { uuid } from "./records.ts";

removeFoldersAfterwards();

const WRITER = join(import.meta.dirname, "children", "busy-writer.ts");
const ports = testPorts(1);

const KILLS = 25;
/** A process is killed after at most so many acknowledgments, and so many milliseconds more. */
const ACKNOWLEDGED_MAX = 12;
const ALIVE_MS_MAX = 20;

function emptyCatalog(): string {
  const file = newFile();
  SqliteStore.create(file, { identity: identity(1), ...ports }).close();
  return file;
}

/** The acknowledgments in a process's output; the last line may be cut. */
function acknowledged(output: string): { lsn: number; digest: string }[] {
  return output
    .split("\n")
    .slice(0, -1)
    .filter((line) => /^\d+ /.test(line))
    .map((line) => {
      const [lsn, digest] = line.split(" ");
      return { lsn: Number(lsn), digest: digest as string };
    });
}

/** Starts the writer, kills it a while after so many acknowledgments, and gives its output. */
function killedAfter(file: string, run: number, count: number, ms: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WRITER, file, `${run}`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    let isDoomed = false;
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      if (isDoomed || acknowledged(output).length < count) return;
      isDoomed = true;
      setTimeout(() => child.kill("SIGKILL"), ms);
    });
    child.on("error", reject);
    child.on("close", () => resolve(output));
  });
}

describe("kill -9", () => {
  test(`after each of ${KILLS} kills at random moments nothing acknowledged is lost`, async () => {
    const file = emptyCatalog();
    const random = new TestRandom(11);
    let commits = 0;
    for (let run = 0; run < KILLS; run++) {
      const [first, second] = random.bytes(2) as unknown as [number, number];
      const count = 1 + Math.floor((first / 256) * ACKNOWLEDGED_MAX);
      const ms = (second / 256) * ALIVE_MS_MAX;
      const acks = acknowledged(await killedAfter(file, run, count, ms));
      commits += acks.length - 1;
      const store = SqliteStore.open(file, { mode: "write", ...ports });
      expect(store.verify().findings).toEqual([]);
      expect(store.head().lsn).toBeGreaterThanOrEqual(acks.at(-1)?.lsn ?? Number.NaN);
      expect(store.counts().diverged).toBe(0);
      store.close();
    }
    // Otherwise the kills met nothing.
    expect(commits).toBeGreaterThan(KILLS);
  }, 120_000);
});

describe("a full disk", () => {
  test.each([
    ["soon", 1500],
    ["later", 6000],
  ])("ends with DISK_FULL and the last state acknowledged: %s", (_, blocks) => {
    const file = emptyCatalog();
    // No file may grow past this size (in KiB): what a full disk looks like to a process.
    const script = `ulimit -f ${blocks} && exec "$0" "$@"`;
    const { stdout } = spawnSync(
      "bash",
      ["-c", script, process.execPath, WRITER, file, "1", "digest"],
      { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
    );
    expect(stdout).toMatch(/\nerror DISK_FULL\n$/);
    const acks = acknowledged(stdout);
    // The store that met the error says the same as before it.
    expect(acks.at(-1)).toEqual(acks.at(-2));
    expect(acks.at(-1)?.lsn).toBeGreaterThan(20);
    const store = SqliteStore.open(file, { mode: "write", ...ports });
    expect({ lsn: store.head().lsn, digest: store.digest() }).toEqual(acks.at(-1));
    expect(store.verify().findings).toEqual([]);
    store.author(command(put(uuid<ObjectId>(999_999), { name: "room again" })));
    store.close();
  });
});
