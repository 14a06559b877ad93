import type { Command } from "commander";
import { hlcToIso } from "../../base/hlc.ts";
import type { Instance } from "../../instance/instance.ts";
import type { PolicyInForce } from "../../log/reader.ts";
import { withReader, withWriter } from "../access.ts";
import { type AttributionOptions, attributionOf, withAttribution } from "../attribution.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { readJsonFile } from "../input/read-json-file.ts";
import { stylesFor } from "../output/styles.ts";
import { printable } from "../output/text.ts";

export function addPolicy(program: Command, cli: Cli): void {
  const policy = program
    .command("policy")
    .helpCommand(false)
    .description("by which rules conflicts are chosen, until a person decides")
    .addHelpText(
      "after",
      examples("syncline policy show > policy.json", "syncline policy set policy.json --by ann"),
    );
  addShow(policy, cli);
  addSet(policy, cli);
  addAdopt(policy, cli);
}

function addShow(policy: Command, cli: Cli): void {
  policy
    .command("show")
    .description("print the policy in force")
    .addHelpText("after", examples("syncline policy show", "syncline policy show > policy.json"))
    .action(() =>
      withReader(cli, async (instance) => {
        printJson(cli, (await instance.policy()).policy);
        if (!cli.json) cli.err.write(`${stylesFor(cli.err).faint(await origin(instance))}\n`);
      }),
    );
}

/** Who set it, and when. */
async function origin(instance: Instance): Promise<string> {
  const { inForce, records } = await instance.store.policies();
  const [id] = inForce.frontier;
  const record = records.map((text) => JSON.parse(text)).find((one) => one.id === id);
  if (record === undefined) return "the default: nobody has set a policy";
  const { author, hlc, message } = record;
  const why = message === "" ? "" : `: ${message}`;
  return printable(`set by ${author}, ${hlcToIso(hlc).replace(/\.\d+Z$/, "Z")}${why}`);
}

function addSet(policy: Command, cli: Cli): void {
  const command = policy
    .command("set")
    .description("set the policy; what is still open is chosen anew")
    .argument("<file>", "a file with the whole policy, or - for standard input");
  withAttribution(command)
    .addHelpText(
      "after",
      examples(
        "syncline policy set policy.json --by ann --message 'hq decides on titles'",
        `syncline policy show | jq '.deletes = "delete-wins"' | syncline policy set -`,
      ),
    )
    .action(async (file: string, options: AttributionOptions) => {
      const by = attributionOf(cli, options);
      const wanted = await readJsonFile(cli, file);
      const set = await withWriter(cli, (writer) => writer.setPolicy(wanted, by));
      printPolicy(cli, "policy set", set);
    });
}

function addAdopt(policy: Command, cli: Cli): void {
  const command = policy
    .command("adopt")
    .description("take a peer's policy, where both had changed theirs")
    .argument("<peer>", "the peer's or its link's name, or its id");
  withAttribution(command)
    .addHelpText("after", examples("syncline policy adopt hq", "syncline policy adopt hq --by ann"))
    .action(async (peer: string, options: AttributionOptions) => {
      const by = attributionOf(cli, options);
      const adopted = await withWriter(cli, (writer) => writer.adoptPolicy(peer, by));
      printPolicy(cli, `policy of ${printable(peer)} adopted`, adopted);
    });
}

function printPolicy(cli: Cli, done: string, { policy, hash }: PolicyInForce): void {
  if (cli.json) printJson(cli, policy);
  else cli.out.write(`${done}, hash ${hash.slice(0, 16)}\n`);
}
