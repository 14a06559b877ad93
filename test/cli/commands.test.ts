// Proves what commands tell a person beside their result: which object, what to look out for, and
// that there is nothing to show.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "./run.ts";

const cwd = mkdtempSync(join(tmpdir(), "syncline-cli-"));

beforeAll(async () => {
  expect(await run(["init", "a"], { cwd })).toMatchObject({ code: 0, stderr: "" });
});

afterAll(() => rmSync(cwd, { recursive: true }));

function onA(args: string[], input = ""): ReturnType<typeof run> {
  return run(["-C", "a", ...args], { cwd, input });
}

test("create names the object that was asked for, not what was found inside", async () => {
  const form = JSON.stringify({ name: "bus-stops", tags: [{ name: "bus" }, { name: "stop" }] });
  const { code, stdout } = await onA(["create", "package", "-"], form);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^created package \S+\nrevision \S+ and 2 more revisions\n$/),
  });
});
