import { takeNewIdentity } from "../../instance/identity.ts";
import type { Awaitable, Store } from "../../store/store.ts";
import { ownerOf, type PlannedLink, peerOf } from "./links.ts";
import type { Backup, SetBackHow } from "./simulated-folder.ts";
import { type Memory, NO_MEMORY } from "./watched.ts";
import type { World } from "./world.ts";

/** A backup, and what was known of the instance when it was made. */
export interface PutAside {
  readonly backup: Backup;
  readonly memory: Memory;
}

/** Makes a backup of an instance, while it is at work. */
export function backUp(world: World, name: string): PutAside {
  world.trace.add(name, "is backed up");
  const backup = putAside(world, name);
  world.witness?.did({ on: name, backup });
  return backup;
}

function putAside(world: World, name: string): PutAside {
  return { backup: world.get(name).backUp(), memory: world.watch.remember(name) };
}

/** Puts a backup in the place of what an instance holds. It has to be started again. */
export async function restoreBackup(
  world: World,
  name: string,
  made: PutAside,
  how: SetBackHow,
): Promise<void> {
  const { backup, memory } = made;
  world.witness?.did({ on: name, restoreBackup: made, how });
  const instance = world.get(name);
  if (how === "machine") world.crash(name);
  else world.stop(name);
  world.trace.add(name, `is set back: ${how}`);
  world.marks.add(`set back: ${how}`);
  await world.watch.setBack(name, () => instance.putBack(backup, how), memory);
  world.watch.mayLackOwn(name);
  if (how === "machine") world.watch.excuse(name);
}

export interface CloneOptions {
  readonly as: string;
  /** Of its whole machine; of its folder otherwise. */
  readonly isMachine: boolean;
  /** What the copy has beside the links of the original. */
  readonly links?: readonly PlannedLink[];
}

/** Copies an instance to another place, where nobody says that it is a copy. */
export async function cloneInstance(
  world: World,
  name: string,
  { as, isMachine, links = [] }: CloneOptions,
): Promise<void> {
  world.witness?.did({ on: name, clone: as, isMachine });
  const { backup, memory } = putAside(world, name);
  world.trace.add(name, `is copied: ${as}`);
  world.marks.add(isMachine ? "copied: machine" : "copied: folder");
  const own = world.links.filter((link) => ownerOf(link) === name && peerOf(link) !== as);
  const copied = own.map((link) => ownedBy(link, name, as));
  world.include(as, name, [...copied, ...links]);
  const copy = world.get(as);
  await world.watch.setBack(as, () => copy.takeOver(backup, isMachine), memory);
  world.watch.mayLackOwn(as);
  if (isMachine) world.watch.excuse(name);
  for (const link of links) await world.addLink(link);
}

function ownedBy(link: PlannedLink, owner: string, other: string): PlannedLink {
  return link.source === owner ? { ...link, source: other } : { ...link, target: other };
}

/** Gives a copy an identity of its own, with the command that is there for that. */
export async function newIdentity(world: World, name: string): Promise<void> {
  world.witness?.did({ on: name, newIdentity: true });
  await attend(world, name, "gets an identity of its own", (store) =>
    takeNewIdentity({ store }, null),
  );
  world.watch.renamed(name);
}

/** Says that an instance is the one which goes on under its identity. */
export async function keepIdentity(world: World, name: string): Promise<void> {
  world.witness?.did({ on: name, keepIdentity: true });
  await attend(world, name, "keeps its identity", (store) => store.beginEpoch("kept"));
}

/** Runs a command in an instance's folder, which needs it for itself. */
async function attend(
  world: World,
  name: string,
  what: string,
  command: (store: Store) => Awaitable<unknown>,
): Promise<void> {
  world.stop(name);
  world.trace.add(name, what);
  world.marks.add(what);
  await world.get(name).attend(async (store) => command(store));
}

/** An instance loses all, and somebody sets up another one in its place, with its links. */
export async function wipe(world: World, name: string): Promise<void> {
  world.witness?.did({ on: name, wipe: true });
  const instance = world.get(name);
  world.crash(name);
  world.trace.add(name, "loses everything, and is set up anew");
  world.marks.add("wiped");
  await world.watch.setBack(name, () => instance.wipe(), NO_MEMORY);
  for (const link of world.links) if (ownerOf(link) === name) await world.addLink(link);
}

/** Stops an instance's process where it stands for a while; its connections stay. */
export function pause(world: World, name: string, ms: number): void {
  const { running } = world.get(name);
  if (running === undefined) return;
  world.witness?.did({ on: name, pauseMs: ms });
  world.trace.add(name, "is paused");
  world.marks.add("paused");
  running.process.pause();
  world.scheduler.after(ms, () => resume(world, name));
}

/** Lets it go on, if it is paused. */
export function resume(world: World, name: string): void {
  const process = world.get(name).running?.process;
  if (process?.isPaused !== true) return;
  world.trace.add(name, "goes on");
  process.resume();
}

/** The power of an instance's machine goes: what was not synced to disk is as before, or gone. */
export function cutPower(world: World, name: string, isGone: boolean): void {
  world.witness?.did({ on: name, cutPower: isGone ? "gone" : "older" });
  world.trace.add(name, `loses power, and what was not synced${isGone ? ", whole files too" : ""}`);
  world.marks.add("power cut");
  world.crash(name);
  world.get(name).losePower(isGone);
}

/** Somebody removes a link that leads to another instance now, and adds it again. */
export async function linkAgain(world: World, link: PlannedLink): Promise<void> {
  const { durable } = world.get(ownerOf(link));
  world.witness?.did({ on: ownerOf(link), linkAgain: peerOf(link) });
  world.trace.add(ownerOf(link), `links to ${peerOf(link)} again`);
  await durable.removeLink(link.name);
  await world.addLink(link);
}
