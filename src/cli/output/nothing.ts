import type { Instance } from "../../instance/instance.ts";
import { positionSince } from "../../instance/revisions.ts";
import type { Cli } from "../cli.ts";
import { printable } from "./text.ts";

/** Says beside an empty output of the log why it is empty. */
export async function sayWhyNothing(cli: Cli, instance: Instance, since?: string): Promise<void> {
  cli.err.write(`${await whyNothing(instance, since)}\n`);
}

async function whyNothing(instance: Instance, since: string | undefined): Promise<string> {
  const { lsn } = await instance.store.head();
  if (since === undefined) return "the log is empty";
  const after = await positionSince(instance, since);
  if (after > lsn) return `there is no position ${after}: the log ends at ${lsn}`;
  return `nothing after ${printable(since)}; the log ends at ${lsn}`;
}
