import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { addLinkAdd } from "./link-add.ts";
import { addLinkList } from "./link-list.ts";
import { addLinkMap } from "./link-map.ts";
import { addLinkRemove } from "./link-remove.ts";
import { addLinkSet } from "./link-set.ts";
import { addLinkShow } from "./link-show.ts";

export function addLink(program: Command, cli: Cli): void {
  const link = program
    .command("link")
    .helpCommand(false)
    .description("configure which peers to keep in step with")
    .addHelpText(
      "after",
      examples("syncline link add hq http://127.0.0.1:7300 --direction pull", "syncline link list"),
    );
  addLinkAdd(link, cli);
  addLinkList(link, cli);
  addLinkShow(link, cli);
  addLinkSet(link, cli);
  addLinkMap(link, cli);
  addLinkRemove(link, cli);
}
