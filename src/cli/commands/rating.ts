import type { Command } from "commander";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { counted } from "../output/units.ts";

export function addRating(program: Command, cli: Cli): void {
  const rating = program
    .command("rating")
    .helpCommand(false)
    .description("how packages are liked")
    .addHelpText(
      "after",
      examples(
        "syncline rating show package/berths",
        'echo \'{"user":"ida","package":"berths","rating":5}\' | syncline create rating -',
      ),
    );
  rating
    .command("show")
    .description("average the ratings of a package")
    .argument("<package>", "package/name, a UUID or its beginning")
    .addHelpText(
      "after",
      examples("syncline rating show package/berths", "syncline rating show package/berths --json"),
    )
    .action(async (ref: string) => {
      const view = await withReader(cli, (instance) => instance.ratings(ref));
      if (cli.json) printJson(cli, { ...view });
      else if (view.average === null) cli.out.write("not rated\n");
      else cli.out.write(`${view.average.toFixed(1)} of 5, ${counted(view.count, "rating")}\n`);
    });
}
