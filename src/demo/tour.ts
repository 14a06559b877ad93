import { SynclineError } from "../base/errors.ts";
import { openInstance } from "../index.ts";
import type { ImportReport, Instance, StatusView } from "../instance/instance.ts";
import { openRemoteWriter } from "../server/client/open-remote-writer.ts";
import type { Writer } from "../server/writer.ts";
import type { RunRow } from "../store/rows.ts";
import { demoCatalog } from "./catalog.ts";
import type { DemoFolder } from "./demo-folder.ts";
import {
  describeDecision,
  describeMerge,
  editApart,
  forAnn,
  titleConflict,
} from "./disagreement.ts";
import { makeEdits } from "./edits.ts";
import { type ServedFolder, serveFolder } from "./served-folder.ts";
import type { Stage } from "./stage.ts";

export interface TourOptions {
  readonly stage: Stage;
  readonly folder: DemoFolder;
  /** The person's own dump, and what to call it; else the built-in city. */
  readonly from?: { readonly name: string; readonly bytes: AsyncIterable<Uint8Array> };
  readonly signal: AbortSignal;
  /** Told as soon as there is a server, so that it can be ended whatever happens next. */
  readonly onServed: (served: ServedFolder) => void;
}

const LINK = "hq";

/**
 * The main job, told step by step: a catalog, a second instance linked to it both ways, a second
 * sync that carries only edits, then edits on both sides, their merge, the conflict in it, and a
 * decision. Resolves with the server still running.
 */
export async function takeTour(options: TourOptions): Promise<void> {
  const { stage, folder, signal } = options;
  stage.say(
    "Syncline keeps catalogs on independent servers in step. This tour makes two instances in " +
      `${folder.path}, and keeps them in step.`,
  );
  stage.step("A catalog at hq");
  await fillHq(options);
  refuseIfStopped(signal);

  stage.step("hq serves it");
  const served = serveFolder(folder.hq);
  options.onServed(served);
  stage.command(`syncline -C hq serve        # process ${served.pid}`);
  const url = await served.listening();
  stage.say(`listening on ${url}`);
  refuseIfStopped(signal);

  const branch = await openInstance(folder.branch, { create: { name: "branch" } });
  try {
    stage.step("A second instance, branch, with a link both ways");
    stage.command(`syncline -C branch link add ${LINK} ${url} --direction both`);
    await branch.addLink({ name: LINK, url, direction: "both" });
    const first = await sync(branch, options);

    stage.step("Somebody edits at hq, while it serves");
    await atHq(options, (reader, writer) => makeEdits(writer, reader, (text) => stage.say(text)));

    stage.step("The second sync carries only what changed");
    const second = await sync(branch, options);
    stage.say(compare(stage, first, second));

    await disagree(branch, options);

    stage.step("Both hold the same");
    await showBoth(branch, options);
  } finally {
    await branch.close();
  }
}

function refuseIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new SynclineError("INTERRUPTED", "the tour was stopped");
}

async function fillHq({ stage, folder, from, signal }: TourOptions): Promise<void> {
  const hq = await openInstance(folder.hq, { create: { name: "hq" } });
  try {
    stage.command("syncline init hq --name hq");
    stage.command(`syncline -C hq import ${from?.name ?? "port-ellery.jsonl"}`);
    const report = await hq.import(from?.bytes ?? builtIn(), {
      author: "demo",
      message: "first import",
      ...(from === undefined ? {} : { file: from.name }),
      signal,
    });
    if (report.created === 0) throw nothingImported(report, from?.name);
    const { objects } = await hq.status();
    const lines = report.lines === 1 ? "1 line" : `${report.lines} lines`;
    stage.say(`${lines} became ${stage.objects(objects)}, each with a UUID and a first revision.`);
    const [refused] = report.refused;
    if (refused !== undefined) {
      const { line, message } = refused;
      stage.say(`Refused: ${report.refusedTotal} of them. The first is line ${line}: ${message}.`);
    }
  } finally {
    await hq.close();
  }
}

function nothingImported({ lines, refused }: ImportReport, file = "the catalog"): SynclineError {
  const [first] = refused;
  const why = first === undefined ? "it has no lines" : first.message;
  return new SynclineError("INVALID_OBJECT", `nothing in ${file} could be imported: ${why}`, {
    where: first === undefined ? file : `${file}:${first.line}, the first of ${lines} refused`,
    hint: "a dump has one package a line, as ckanapi dump datasets --all writes them",
  });
}

async function* builtIn(): AsyncGenerator<Uint8Array> {
  for (const object of demoCatalog()) yield Buffer.from(`${JSON.stringify(object)}\n`);
}

async function sync(branch: Instance, { stage, signal }: TourOptions): Promise<RunRow> {
  stage.command(`syncline -C branch sync ${LINK}`);
  const progress = stage.progress(`syncing ${LINK}`);
  const run = await branch
    .sync(LINK, {
      signal,
      onProgress: ({ done, total }) => progress.update({ done, total, unit: "revision" }),
    })
    .finally(() => progress.end());
  refuseIfStopped(signal);
  if (run.outcome !== "ok") {
    const { code, message } = run.error ?? { code: "SYNC_FAILED" as const, message: run.outcome };
    throw new SynclineError(code, message);
  }
  stage.run(run);
  return run;
}

/** Both sides edit one package; what comes of it, and how a person overrules that. */
async function disagree(branch: Instance, options: TourOptions): Promise<void> {
  const { stage } = options;
  stage.step("Both sides edit the same package");
  await atHq(options, async (reader, writer) => {
    await editApart(writer, branch, (text) => stage.say(text));
    await sync(branch, options);
    stage.say(await describeMerge(reader, branch));
  });

  stage.step("The title that lost is kept, as a conflict");
  const conflict = await titleConflict(branch);
  const { id, pick } = forAnn(conflict);
  stage.command(`syncline -C branch conflicts show ${id}`);
  await stage.conflict(branch, conflict, "branch");

  stage.step("A curator decides at branch, and hq hears of it");
  stage.command(`syncline -C branch conflicts resolve ${id} --pick ${pick} --by cy`);
  await branch.resolveConflict(id, { pick }, { author: "cy" });
  await sync(branch, options);
  await atHq(options, async (reader) => stage.say(await describeDecision(reader, conflict)));
}

/** Does something at hq, which another process serves. */
async function atHq(
  { folder }: TourOptions,
  act: (reader: Instance, writer: Writer) => Promise<void>,
): Promise<void> {
  const reader = await openInstance(folder.hq, { readOnly: true });
  try {
    const writer = await openRemoteWriter(folder.hq);
    if (writer === undefined) throw new SynclineError("CONNECT_FAILED", "hq has stopped serving");
    await act(reader, writer).finally(() => writer.close());
  } finally {
    await reader.close();
  }
}

function compare(stage: Stage, first: RunRow, second: RunRow): string {
  const [before, after] = [first, second].map(({ bytes }) => bytes.in + bytes.out) as [
    number,
    number,
  ];
  const both = `The first sync took ${stage.bytes(before)} on the wire, this one ${stage.bytes(after)}`;
  if (after >= before) return `${both}: of so small a catalog, most is the greeting.`;
  return `${both}: ${((after / before) * 100).toFixed(1)} % of it.`;
}

async function showBoth(branch: Instance, options: TourOptions): Promise<void> {
  const { stage } = options;
  await atHq(options, async (hq) => {
    const [a, b] = await Promise.all([hq.status(), branch.status()]);
    stage.status(a);
    stage.status(b);
    stage.say(verdict(a, b));
  });
}

function verdict(a: StatusView, b: StatusView): string {
  if (a.digest !== b.digest) {
    throw new SynclineError("INTERNAL", `the digests differ: ${a.digest} and ${b.digest}`);
  }
  return "The digests are equal: every object and every head is the same on both.";
}
