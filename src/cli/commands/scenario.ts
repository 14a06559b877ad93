import type { Command } from "commander";
import { explainMermaid } from "../../scenario/explain/chart.ts";
import { explainText } from "../../scenario/explain/explain.ts";
import { schemaText } from "../../scenario/format/json-schema.ts";
import type { Cli } from "../cli.ts";
import { examples } from "../examples.ts";
import { scenarioFiles } from "../input/scenario-files.ts";
import { addScenarioRun } from "./scenario-run.ts";

export function addScenario(program: Command, cli: Cli): void {
  const scenario = program
    .command("scenario")
    .helpCommand(false)
    .description("replay sync timelines in a simulated world, to prove a set-up")
    .addHelpText(
      "after",
      examples("syncline scenario run scenarios", "syncline scenario explain my.yaml"),
    );
  addScenarioRun(scenario, cli);
  addExplain(scenario, cli);
  addSchema(scenario, cli);
}

function addExplain(scenario: Command, cli: Cli): void {
  scenario
    .command("explain")
    .description("tell a scenario's timeline in words, or as a Mermaid chart")
    .argument("<file>", "a scenario file")
    .option("--mermaid", "as a Mermaid sequence chart")
    .addHelpText(
      "after",
      examples(
        "syncline scenario explain my.yaml",
        "syncline scenario explain my.yaml --mermaid > my.mmd",
      ),
    )
    .action(async (file: string, { mermaid }: { readonly mermaid?: true }) => {
      for (const { scenario: one } of await scenarioFiles(cli, [file])) {
        const [text, chart] = [explainText(one), explainMermaid(one)];
        if (cli.json) cli.out.write(`${JSON.stringify({ file, text, mermaid: chart })}\n`);
        else cli.out.write(mermaid === true ? chart : text);
      }
    });
}

function addSchema(scenario: Command, cli: Cli): void {
  scenario
    .command("schema")
    .description("print the JSON Schema of scenario files")
    .addHelpText(
      "after",
      examples(
        "syncline scenario schema > scenario.schema.json",
        "syncline scenario schema | jq .properties",
      ),
    )
    .action(() => cli.out.write(schemaText()));
}
