// Proves that nothing of a purged or shunned object can be read in any file of the folder: neither
// once the operation has returned and the instance is still open, nor after it is closed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ObjectId } from "../../src/base/ids.ts";
import { createInstance, type Instance } from "../../src/index.ts";
import type { Change } from "../../src/log/author.ts";
import { temporaryFolder } from "../toolchain/temporary-folder.ts";

const BY = { author: "ada", message: "" };

/** Words that stand nowhere but in an object that goes, at some time of its life. */
const WORDS = ["zyxwabout", "qqvtjtle", "xyzzyold", "vvkqzame", "wwxdraft"];

/** The words that any file of a folder holds. */
function wordsIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
  // FTS5 leaves out what a word shares with the one before it.
  return WORDS.filter((word) => files.some((bytes) => bytes.includes(word.slice(2))));
}

interface Opened {
  readonly folder: string;
  readonly instance: Instance;
}

async function opened(threads: "none" | "from-start"): Promise<Opened> {
  const folder = join(temporaryFolder({}), "a");
  const instance = await createInstance(folder, { name: "a", threads });
  onTestFinished(() => instance.close());
  return { folder, instance };
}

/** An organization that was edited, and a package that shows its title among others; all indexed. */
async function filled({ instance }: Opened): Promise<ObjectId> {
  const name = "vvkqzame";
  const { revisions } = await instance.create(
    "organization",
    { name, description: "xyzzyold" },
    BY,
  );
  const object = revisions[0]?.object as ObjectId;
  await instance.create("package", { name: "owned", owner_org: name }, BY);
  for (let i = 0; i < 40; i++) await instance.create("package", { name: `p${i}` }, BY);
  await instance.set(object, { title: "qqvtjtle", description: "wwxdraft ".repeat(4000) }, BY);
  await instance.set(object, { title: "zyxwabout", description: "" }, BY);
  await instance.indexed((await instance.status()).head.lsn);
  return object;
}

const REMOVALS = {
  purge: (object: ObjectId): Change => ({ kind: "purge", object, reason: "a mistake" }),
  shun: (object: ObjectId): Change => ({ kind: "shun", object }),
};

for (const threads of ["none", "from-start"] as const) {
  test.each(Object.entries(REMOVALS))(`after a %s, threads ${threads}`, async (_name, removal) => {
    const world = await opened(threads);
    const { folder, instance } = world;
    const id = await filled(world);
    expect(wordsIn(folder)).toEqual(WORDS);
    await instance.change({ ...BY, changes: [removal(id)] });
    expect(wordsIn(folder)).toEqual([]);
    expect((await instance.search({ text: "zyxwabout", state: "any", limit: 9 })).total).toBe(0);
    await instance.close();
    expect(wordsIn(folder)).toEqual([]);
  });
}
