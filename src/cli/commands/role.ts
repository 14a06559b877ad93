import type { Command } from "commander";
import type { RoleView } from "../../instance/instance.ts";
import { withReader, withWriter } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";

export function addRole(program: Command, cli: Cli): void {
  const role = program
    .command("role")
    .helpCommand(false)
    .description("who may do what with an object")
    .addHelpText(
      "after",
      examples(
        "syncline role default reader",
        "syncline role show user/ida package/berths",
        'echo \'{"user":"ida","table":"package","object":"berths","role":"editor"}\' | syncline create role -',
      ),
    );
  addDefault(role, cli);
  addShow(role, cli);
}

function addDefault(role: Command, cli: Cli): void {
  role
    .command("default")
    .description("show or set what people may do where nobody was given a role")
    .argument("[role]", "reader, editor or admin")
    .addHelpText("after", examples("syncline role default", "syncline role default reader"))
    .action(async (wanted: string | undefined) => {
      if (wanted !== undefined) await withWriter(cli, (writer) => writer.setDefaultRole(wanted));
      const defaultRole = wanted ?? (await withReader(cli, (instance) => instance.defaultRole()));
      if (cli.json) printJson(cli, { defaultRole });
      else cli.out.write(`${defaultRole}\n`);
    });
}

function addShow(role: Command, cli: Cli): void {
  role
    .command("show")
    .description("say what a user may do with an object, and why")
    .argument("<user>", "user/name, a UUID or its beginning")
    .argument("<object>", "type/name, a UUID or its beginning")
    .addHelpText(
      "after",
      examples(
        "syncline role show user/ida package/berths",
        "syncline role show user/ida package/berths --json",
      ),
    )
    .action(async (user: string, object: string) => {
      const view = await withReader(cli, (instance) => instance.roleOf(user, object));
      if (cli.json) printJson(cli, { ...view });
      else cli.out.write(`${view.role}: ${reason(view)}\n`);
    });
}

function reason({ because, grant }: RoleView): string {
  if (because === "default") return "nobody was given a role on it, so the default holds";
  return because === "grant"
    ? `given by role/${grant}`
    : "others were given a role on it, and this user none";
}
