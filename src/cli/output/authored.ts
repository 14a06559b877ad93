import type { AuthorOutcome } from "../../log/author.ts";
import { type Cli, printJson } from "../cli.ts";
import { stylesFor } from "./styles.ts";
import { counted } from "./units.ts";

/**
 * Says what a change made: `renamed, revision …`, or that nothing was different. The object comes
 * last, after those that were found inside it.
 */
export function printAuthored(cli: Cli, verb: string, outcome: AuthorOutcome): void {
  if (cli.json) {
    printJson(cli, outcome);
    return;
  }
  const object = outcome.revisions.at(-1);
  if (object === undefined) {
    cli.out.write("nothing changed, so nothing was stored\n");
    return;
  }
  const { id } = stylesFor(cli.out);
  const more = outcome.revisions.length - 1;
  const others = more === 0 ? "" : ` and ${counted(more, "more revision")}`;
  cli.out.write(`${verb} ${object.type} ${object.object}\nrevision ${id(object.id)}${others}\n`);
}
