import type { Json } from "../base/json.ts";
import type { Writer } from "../server/writer.ts";
import type { ObjectRow } from "../store/rows.ts";
import type { Cli } from "./cli.ts";
import { stylesFor } from "./output/styles.ts";
import { printable } from "./output/text.ts";

/** Types whose names must differ from each other's, too; a tag is its name, so there are no two. */
const NAME_SPACES: Readonly<Record<string, readonly string[]>> = {
  package: ["package"],
  group: ["group", "organization"],
  organization: ["group", "organization"],
  user: ["user"],
};

/** The live objects that have a name already which this one, new or not, is to get. */
export async function namesakes(
  { store }: Pick<Writer, "store">,
  { type, id }: { readonly type: string; readonly id?: string },
  name: Json | undefined,
): Promise<readonly ObjectRow[]> {
  if (typeof name !== "string" || name === "") return [];
  const found = (NAME_SPACES[type] ?? []).map((each) =>
    store.objects({ type: each, name, limit: 2 }),
  );
  return (await Promise.all(found)).flat().filter((other) => other.id !== id);
}

/** Says who has the name too: nothing refuses a name, as two sites may give it at the same time. */
export function warnOfNamesakes(cli: Cli, others: readonly ObjectRow[]): void {
  if (others.length === 0) return;
  const { warning } = stylesFor(cli.err);
  for (const { type, name, id } of others) {
    const ref = printable(`${type}/${name}`);
    cli.err.write(`${warning("warning:")} ${ref} was there already: ${id}\n`);
  }
  cli.err.write("  hint: all are kept; syncline rename ID NAME gives one another name\n");
}
