import type { Attribution, Instance } from "../instance/instance.ts";
import type { Writer } from "../server/writer.ts";

/** What the edits add, under a name that is there in any case. */
export const ADDED_PACKAGE = "package/ferry-delays-live";

const BY: Attribution = { author: "ann", message: "yearly review" };

/** A few edits as people make them; says each in a sentence. */
export async function makeEdits(
  writer: Writer,
  reader: Instance,
  say: (text: string) => void,
): Promise<void> {
  const [first, second] = await firstPackages(reader, 2);
  if (first !== undefined) {
    const title = `${first.title} (revised)`;
    await writer.patch(first.ref, [{ op: "add", path: "/title", value: title }], BY);
    say(`Ann gives ${first.ref} a new title: "${title}".`);
  }
  if (second !== undefined) {
    const notes = "Checked by hand this week. The numbers of the last quarter are final.";
    await writer.patch(second.ref, [{ op: "add", path: "/notes", value: notes }], BY);
    say(`She rewrites the notes of ${second.ref}.`);
  }
  const name = ADDED_PACKAGE.slice("package/".length);
  await writer.create("package", { name, title: "Ferry delays, live" }, BY);
  say(`${first === undefined ? "Ann adds" : "And she adds"} a package: ${ADDED_PACKAGE}.`);
}

interface Found {
  readonly ref: string;
  readonly title: string;
}

async function firstPackages(reader: Instance, count: number): Promise<Found[]> {
  const found: Found[] = [];
  for await (const line of reader.export({ type: "package" })) {
    const { name, title } = JSON.parse(line) as { name: string; title?: string };
    found.push({ ref: `package/${name}`, title: title ?? name });
    if (found.length === count) break;
  }
  return found;
}
