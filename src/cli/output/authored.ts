import type { AuthorOutcome } from "../../log/author.ts";
import { type Cli, printJson } from "../cli.ts";
import { stylesFor } from "./styles.ts";
import { counted } from "./units.ts";

/** Says what a change made: `renamed, revision …`, or that nothing was different. */
export function printAuthored(cli: Cli, verb: string, outcome: AuthorOutcome): void {
  if (cli.json) {
    printJson(cli, outcome);
    return;
  }
  const [first, ...more] = outcome.revisions;
  if (first === undefined) {
    cli.out.write("nothing changed, so nothing was stored\n");
    return;
  }
  const { id } = stylesFor(cli.out);
  const others = more.length === 0 ? "" : ` and ${counted(more.length, "more revision")}`;
  cli.out.write(`${verb} ${first.type} ${first.object}\nrevision ${id(first.id)}${others}\n`);
}
