import type { Rehearsal } from "../../instance/rehearsal/rehearse.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { interruptible } from "../interrupt.ts";
import { commandProgress } from "../output/progress.ts";
import { describeRehearsal } from "../output/rehearsal.ts";
import { exitCodeOf } from "../output/run.ts";
import { reportTrouble } from "../output/run-trouble.ts";

/** Says what syncing links would do. Only reads here, also beside a server. */
export async function rehearseLinks(
  cli: Cli,
  namesOf: (reader: Parameters<Parameters<typeof withReader>[1]>[0]) => Promise<readonly string[]>,
  types?: readonly string[],
): Promise<void> {
  const only = types === undefined ? {} : { types };
  const runs = await withReader(cli, (instance) =>
    interruptible(cli, async (signal) => {
      const done: Rehearsal[] = [];
      for (const link of await namesOf(instance)) {
        if (signal.aborted) break;
        const progress = commandProgress(cli, `rehearsing ${link}`);
        const onProgress = ({ done, total }: { done: number; total: number }): void =>
          progress.update({ done, total, unit: "revision" });
        const run = await instance
          .rehearse(link, { signal, onProgress, ...only })
          .finally(() => progress.end());
        done.push(run);
        if (!cli.json) report(cli, run);
      }
      return done;
    }),
  );
  cli.exitCode = exitCodeOf(runs);
  if (cli.json) printJson(cli, { runs });
}

function report(cli: Cli, run: Rehearsal): void {
  if (run.outcome === "ok") cli.out.write(describeRehearsal(run, cli.out));
  reportTrouble(cli, run);
}
