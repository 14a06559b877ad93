import type { Command } from "commander";
import type { IdentityView } from "../../index.ts";
import type { Identity } from "../../store/rows.ts";
import { withOwner, withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { examples } from "../examples.ts";
import { stylesFor } from "../output/styles.ts";
import { printable } from "../output/text.ts";

export function addInstance(program: Command, cli: Cli): void {
  const instance = program
    .command("instance")
    .helpCommand(false)
    .description("who this instance is; what to do with a copy of it")
    .addHelpText("after", examples("syncline instance show", "syncline instance new-identity"));
  instance
    .command("show")
    .description("show its identity, who it was before, and whom it waits for after a restore")
    .addHelpText("after", examples("syncline instance show", "syncline instance show --json"))
    .action(() => show(cli));
  instance
    .command("new-identity")
    .description("make this copy an instance of its own, with catalog, history and links")
    .option("--name <name>", "what people call it from now on (default: as before)")
    .addHelpText(
      "after",
      examples(
        "syncline -C copy instance new-identity --name branch",
        "syncline -C copy instance new-identity --json",
      ),
    )
    .action((options: { name?: string }) => renew(cli, options));
  instance
    .command("keep-identity")
    .description("say that of several copies this one goes on, and the others are given up")
    .addHelpText(
      "after",
      examples(
        "syncline -C catalog instance keep-identity",
        "syncline -C catalog instance keep-identity --json",
      ),
    )
    .action(() => keep(cli));
}

async function show(cli: Cli): Promise<void> {
  const view = await withReader(cli, (instance) => instance.whoami());
  if (cli.json) printJson(cli, view);
  else cli.out.write(describe(cli, view));
}

function describe(cli: Cli, { id, name, epoch, former, recovery }: IdentityView): string {
  const { strong, faint } = stylesFor(cli.out);
  const field = (title: string, text: string): string => `  ${faint(title.padEnd(9))} ${text}\n`;
  const past = former.map(
    (one) => `${one.ended}  ${REASONS[one.reason]}: was ${one.id}, epoch ${one.epoch}`,
  );
  return [
    `${strong(printable(name))}  ${faint(id)}\n`,
    field("epoch", epoch),
    ...(recovery === null ? [] : [field("recovery", describeRecovery(recovery))]),
    ...past.map((text, at) => field(at === 0 ? "before" : "", text)),
  ].join("");
}

function describeRecovery({ heard, waiting }: NonNullable<IdentityView["recovery"]>): string {
  const names = (list: readonly string[]): string => list.map(printable).join(", ");
  if (waiting.length > 0) return `waits for the next sync of ${names(waiting)}`;
  return heard.length === 0 ? "no peer was heard yet" : `complete: heard from ${names(heard)}`;
}

const REASONS: Readonly<Record<IdentityView["former"][number]["reason"], string>> = {
  restore: "a backup was restored",
  copy: "the database file was copied or replaced",
  rollback: "the database was set back",
  peer: "a peer knew more",
  scopes: "more scopes were asked for than are remembered",
  "new-identity": "a copy became an instance of its own",
  kept: "somebody said that this copy goes on",
};

async function renew(cli: Cli, { name }: { name?: string }): Promise<void> {
  const [before, after] = await withOwner(cli, async (instance) => {
    const former = instance.identity;
    const options = name === undefined ? {} : { name };
    return [former, await instance.takeNewIdentity(options)] as const;
  });
  if (cli.json) {
    printJson(cli, { instance: asJson(after), former: asJson(before) });
    return;
  }
  const was = `it was ${printable(before.name)} (${before.instance})`;
  cli.out.write(`this is now ${printable(after.name)} (${after.instance}); ${was}\n`);
}

async function keep(cli: Cli): Promise<void> {
  const identity = await withOwner(cli, (instance) => instance.keepIdentity());
  if (cli.json) printJson(cli, { instance: asJson(identity) });
  else cli.out.write(`${printable(identity.name)} goes on in the epoch ${identity.epoch}\n`);
}

function asJson({ instance: id, name, epoch }: Identity): object {
  return { id, name, epoch };
}
