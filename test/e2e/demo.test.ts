// Proves the tour that `npm start` gives: it tells every step, ends with equal digests, and leaves
// neither a folder nor a server behind, however it ends.

import { mkdirSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { displayWidth } from "../../src/cli/output/text.ts";
import { testFolder } from "./folder.ts";
import { type Process, shell, start, syncline } from "./syncline.ts";

const path = testFolder();

/** A folder for temporary files, to see what is left in it. */
function temporary(name: string): { readonly TMPDIR: string } {
  mkdirSync(path(name));
  return { TMPDIR: path(name) };
}

test("without a terminal: the whole tour, then the end", async () => {
  const env = temporary("once");
  const { code, stdout, stderr } = await syncline(["demo"], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const steps = stdout.split(/^(?=\d+\. )/m).slice(1);
  expect(steps).toHaveLength(10);
  for (const step of steps) expect(step.split("\n").length).toBeLessThanOrEqual(30);
  expect(stdout).toMatch(/55 lines became 55 packages,.* tags,\s+each with\s/s);
  expect(stdout).toMatch(/pulled \d+ objects .*pulled 3 objects \(3 revisions\), /s);
  expect(stdout).toMatch(/pulled 1 object \(1 revision\), pushed 1 object .* the same revision, /s);
  expect(stdout).toMatch(
    /conflicts show [0-9a-f]{8}\n {3}conflict .* open\n.*because {3}the newest/s,
  );
  expect(stdout).toMatch(
    /--pick .* --by cy\n.*pushed 1 object .*At hq too the title is "Ferry delays,/s,
  );
  expect(stdout).toContain("The digests are equal");
  for (const line of stdout.split("\n")) {
    if (!line.includes("/")) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  }
  expect(readdirSync(env.TMPDIR)).toEqual([]);
});

test("a dump of one's own: a small one is told as it is, a useless one is an error", async () => {
  const env = temporary("own");
  const from = (input: string): ReturnType<typeof syncline> =>
    syncline(["demo", "--from", "-"], { env, input });
  const [small, empty, bad] = await Promise.all([
    from('{"name":"one"}\n{bad\n'),
    from(""),
    from("{bad\nworse\n"),
  ]);
  expect(small).toMatchObject({ code: 0, stderr: "" });
  expect(small.stdout).toMatch(
    /2 lines became 1 package, each .*Refused: 1 of them\. The first is\s+line 2/s,
  );
  expect(small.stdout).toContain("most is the greeting");
  for (const { code, stdout, stderr } of [empty, bad]) {
    expect({ code, told: stdout.match(/^\d+\. /gm) }).toEqual({ code: 1, told: ["1. "] });
    expect(stderr).toMatch(/^error: nothing in standard input .* \[INVALID_OBJECT\]\n/);
  }
  expect(bad.stderr).toContain("at standard input:1, the first of 2 refused");
  expect(readdirSync(env.TMPDIR)).toEqual([]);
});

test("--keep keeps both instances, which open", async () => {
  const env = temporary("kept");
  expect((await syncline(["demo", "--keep"], { env })).code).toBe(0);
  const [folder] = readdirSync(env.TMPDIR);
  const found = await shell(
    `cd kept/${folder} && syncline -C hq status && syncline -C branch log | head -1`,
    path("."),
  );
  expect(found).toMatchObject({ code: 0, stderr: "" });
});

/** Strikes as soon as the tour has said something. */
async function strike(child: Process["child"], said: string, hit: () => void): Promise<void> {
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    if (String(chunk).includes(said)) return hit();
  }
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s in the middle: exit 130, and nothing is left",
  async (signal) => {
    const env = temporary(signal);
    const { child, result } = start(["demo"], env);
    await strike(child, "listening on", () => child.kill(signal));
    expect(await result).toMatchObject({ code: 130, stderr: "stopping; again to stop at once\n" });
    expect(readdirSync(env.TMPDIR)).toEqual([]);
  },
);

test("Ctrl-C, which reaches the server too, while that is starting", async () => {
  const env = temporary("early");
  const { child, result } = start(["demo"], env, { detached: true });
  await strike(child, "hq serves it", () => process.kill(-(child.pid as number), "SIGINT"));
  expect(await result).toMatchObject({ code: 130, stderr: "stopping; again to stop at once\n" });
  expect(readdirSync(env.TMPDIR)).toEqual([]);
});

test("a reader that goes away: nothing is left, and that is no failure", async () => {
  const { TMPDIR } = temporary("head");
  const { code, stderr } = await shell(
    `set -o pipefail; export TMPDIR="${TMPDIR}"; syncline demo | head -2`,
    path("."),
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(readdirSync(TMPDIR)).toEqual([]);
});
