import { SynclineError } from "../../base/errors.ts";
import type { LinkEvent } from "../../sync/schedule/link-event.ts";
import { withWriter } from "../access.ts";
import type { Cli } from "../cli.ts";
import { interruptible } from "../interrupt.ts";
import { describeLinkEvent } from "../output/link-event.ts";

/**
 * Keeps a link live, or all, until Ctrl-C: a line for each thing that happens; with `--json` one
 * document a line, as `log` prints them, since there is no end to wait for.
 */
export async function watchLinks(cli: Cli, name: string | undefined): Promise<void> {
  await withWriter(cli, async (writer) => {
    if (name === undefined && (await writer.links()).length === 0) throw nothingToWatch();
    if (!cli.json) cli.err.write("watching; Ctrl-C ends it\n");
    await interruptible(cli, (signal) =>
      writer.watch(name, { signal, onEvent: (event) => print(cli, event) }),
    );
  });
}

function print(cli: Cli, event: LinkEvent): void {
  const time = new Date(cli.clock.nowMs()).toISOString();
  if (cli.json) cli.out.write(`${JSON.stringify({ time, ...event })}\n`);
  else cli.out.write(`${time.slice(11, 19)} ${describeLinkEvent(event)}\n`);
}

function nothingToWatch(): SynclineError {
  return new SynclineError("LINK_NOT_FOUND", "there is no link to watch", {
    hint: "syncline link add NAME URL --direction pull adds one",
  });
}
