// Proves what commands say of an object that a newer version of Syncline changed.
import { join } from "node:path";
import { expect, test } from "vitest";
import { openInstance } from "../../src/instance/open-instance.ts";
import { SCHEMA_2 } from "../../src/scenario/world/editions.ts";
import { all, memoryInstance } from "../instance/instances.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";
import { run } from "./run.ts";

const by = { author: "ada" };

test("it is shown, counted, and not edited", async () => {
  const folder = join(temporaryFolder({}), "old");
  await (await openInstance(folder, { create: { name: "old" }, threads: "none" })).close();
  const newer = memoryInstance("newer", { edition: SCHEMA_2 });
  await newer.create("package", { name: "pump", title: "Pump" }, by);
  const records = `${(await all(newer.revisionsSince())).join("\n")}\n`;
  const on = (...args: string[]) => run(["-C", folder, ...args], { input: records });
  expect(await on("revisions", "import", "-")).toMatchObject({ code: 0 });
  expect((await on("show", "package/pump")).stdout).toContain(
    "  waits for a newer version of Syncline\n",
  );
  const { stdout } = await on("show", "package/pump", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ parked: true, ckan: { title: "Pump" } });
  expect((await on("status")).stdout).toContain("1 object waits for a newer version of Syncline\n");
  for (const args of [
    ["edit", "package/pump", "--set", "/title=x"],
    ["delete", "package/pump"],
  ]) {
    const { code, stderr } = await on(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/newer version of Syncline \[OBJECT_PARKED\]/);
    expect(stderr).toMatch(/hint: update Syncline on this instance/);
  }
  expect(await on("log", "package/pump")).toMatchObject({ code: 0 });
  expect(await on("verify")).toMatchObject({ code: 0 });
});
