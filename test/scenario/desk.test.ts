// Proves that who works in a served folder opens it once, and leaves nothing open: a reader that stays
// behind in a process keeps what it knew of a database for the next one who opens that there.
import { expect, test } from "vitest";
import { openInstance } from "../../src/index.ts";
import { Desk } from "../../src/scenario/real/desk.ts";
import { ServedFolder } from "../../src/scenario/real/served-folder.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";

test("one writer for all who ask; none is left", async () => {
  const folder = `${temporaryFolder({})}/tokyo`;
  await (await openInstance(folder, { create: { name: "tokyo" } })).close();
  const desk = new Desk(folder);
  expect(await desk.writer()).toBeUndefined();
  const served = await ServedFolder.start(folder);
  try {
    const [one, other] = await Promise.all([desk.writer(), desk.writer()]);
    expect(one).toBeDefined();
    expect(other).toBe(one);
    await desk.close();
    await expect(one?.links()).rejects.toMatchObject({ code: "CLOSED" });
    const opening = desk.writer();
    await desk.close();
    await expect((await opening)?.links()).rejects.toMatchObject({ code: "CLOSED" });
  } finally {
    await desk.close();
    await served.stop();
  }
  expect(await desk.writer()).toBeUndefined();
});
