import type { SyncOptions } from "../../instance/instance.ts";
import type { Rehearsal } from "../../instance/rehearsal/rehearse.ts";
import { withReader } from "../access.ts";
import { type Cli, printJson } from "../cli.ts";
import { interruptible } from "../interrupt.ts";
import { EXIT_FAILED } from "../output/failure.ts";
import { commandProgress } from "../output/progress.ts";
import { describeRehearsal } from "../output/rehearsal.ts";
import { exitCodeOf } from "../output/run.ts";
import { reportTrouble } from "../output/run-trouble.ts";

/**
 * Says what syncing links would do. Only reads here, also beside a server. What would be held makes
 * the exit code that of the sync which it stands for, unless that one would be let go on.
 */
export async function rehearseLinks(
  cli: Cli,
  namesOf: (reader: Parameters<Parameters<typeof withReader>[1]>[0]) => Promise<readonly string[]>,
  options: Pick<SyncOptions, "types" | "acceptRemovals">,
): Promise<void> {
  const runs = await withReader(cli, (instance) =>
    interruptible(cli, async (signal) => {
      const done: Rehearsal[] = [];
      for (const link of await namesOf(instance)) {
        if (signal.aborted) break;
        const progress = commandProgress(cli, `rehearsing ${link}`);
        const onProgress = ({ done, total }: { done: number; total: number }): void =>
          progress.update({ done, total, unit: "revision" });
        const run = await instance
          .rehearse(link, { ...options, signal, onProgress })
          .finally(() => progress.end());
        done.push(run);
        if (!cli.json) report(cli, run);
      }
      return done;
    }),
  );
  const isHeld = runs.some(({ would }) => would.removals.held);
  cli.exitCode = isHeld ? EXIT_FAILED : exitCodeOf(runs);
  if (cli.json) printJson(cli, { runs });
}

function report(cli: Cli, run: Rehearsal): void {
  if (run.outcome === "ok") cli.out.write(describeRehearsal(run, cli.out));
  reportTrouble(cli, run);
}
