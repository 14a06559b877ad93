import { isSynclineError } from "../../base/errors.ts";
import type { ObjectId, RevisionId } from "../../base/ids.ts";
import { ShiftedClock, systemClock } from "../../base/ports/clock.ts";
import { type RandomSource, systemRandom } from "../../base/ports/random.ts";
import { type Instance, openInstance } from "../../index.ts";
import type { Writer } from "../../server/writer.ts";
import type { RunRow } from "../../store/rows.ts";
import type { Flow } from "../checkers/world-state.ts";
import type { Scenario } from "../format/scenario.ts";
import { StepFailed } from "../run/failure.ts";
import { plannedLinks } from "../run/planned-links.ts";
import {
  type Carried,
  carriedSince,
  type Labeled,
  type LabeledChangeset,
  NOTHING_CARRIED,
  type Scene,
} from "../run/scene.ts";
import { describeFrame } from "../world/describe-frame.ts";
import { editionOf } from "../world/editions.ts";
import { flowsOf, ownerOf, type PlannedLink, peerOf } from "../world/links.ts";
import { Trace } from "../world/trace.ts";
import { FaultProxy, type Way } from "./fault-proxy.ts";
import type { SeenMessage } from "./frame-reader.ts";
import { makeFolders } from "./make-folders.ts";
import type { RealBackup } from "./real-backup.ts";
import type { RealInstance } from "./real-instance.ts";
import type { ServedFolder } from "./served-folder.ts";

/** A link, and the network that its connections go through. */
export interface RealLink extends PlannedLink {
  readonly proxy: FaultProxy;
}

/** Characters of a message that the timeline shows. */
const TOLD_CHARS_MAX = 240;

/**
 * Instances that are served by processes of their own, proxies between them, and clocks that show
 * the timeline's time: it goes on as fast as real time, and jumps from step to step.
 */
export class RealWorld implements Scene {
  readonly labels: Map<string, Labeled> = new Map();
  readonly changesets: Map<string, LabeledChangeset> = new Map();
  readonly created: Map<string, ObjectId> = new Map();
  readonly instances: Map<string, RealInstance> = new Map();
  readonly links: RealLink[] = [];
  /** Backups, by whose they are and their names. */
  readonly backups: Map<string, RealBackup> = new Map();
  /** Revisions that were nowhere any more when an instance was set back. */
  readonly vanished: Set<RevisionId> = new Set();
  /** Objects that were gone in what an instance held before it was set back. */
  readonly gone: Set<ObjectId> = new Set();
  /** Where the folders of the instances are. */
  readonly root: string;
  readonly trace: Trace;
  /** Hears of each message that arrived, by who sent it. */
  onDelivered: ((from: string) => void) | undefined;
  /** Hears of each commit while these are held: it is durable, and nobody knows of it yet. */
  onCommit: ((name: string) => void) | undefined;
  readonly #epochMs: number;
  /** Links of instances that are not there yet. */
  #later: readonly PlannedLink[] = [];
  #shiftMs: number;
  /** By how much the step that is played comes later than the timeline says. */
  #lateMs = 0;
  /** What is under way besides steps: somebody who starts again, edits amid a sync. */
  #chores: Promise<unknown>[] = [];
  #mark = NOTHING_CARRIED;
  #frames = 0;
  #batches = 0;
  #isClosed = false;
  #holdsCommits = false;
  /** Instances in whose folders something is done: nobody starts them meanwhile. */
  readonly #attended = new Set<string>();

  private constructor(root: string, epochMs: number) {
    this.root = root;
    this.#epochMs = epochMs;
    this.#shiftMs = epochMs - systemClock.nowMs();
    this.trace = new Trace(() => this.nowMs, true);
  }

  /** Folders, links and the policy as the scenario says; then everybody is up. */
  static async create(scenario: Scenario, root: string, epochMs: number): Promise<RealWorld> {
    const world = new RealWorld(root, epochMs);
    const isThere = (name: string): boolean => Object.hasOwn(scenario.instances, name);
    const planned = plannedLinks(scenario.links ?? []);
    const [now, later] = parted(planned, (it) => isThere(it.source) && isThere(it.target));
    world.#later = later;
    try {
      for (const link of now) await world.connect(link);
      const { links, shiftMs } = world;
      for (const one of await makeFolders(scenario, { root, links, shiftMs })) {
        world.instances.set(one.name, one);
      }
      await Promise.all(world.names.map((name) => world.start(name)));
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  /** Makes the network of a link. */
  async connect(planned: PlannedLink): Promise<RealLink> {
    const link = { ...planned, proxy: await FaultProxy.listen() };
    link.proxy.targetPort = this.instances.get(peerOf(link))?.served?.port ?? 0;
    link.proxy.onMessage = (way, message) => this.#onMessage(link, way, message);
    this.links.push(link);
    return link;
  }

  /** The links that waited for an instance that comes into being. */
  linksOf(name: string): readonly PlannedLink[] {
    const isThere = (one: string): boolean => one === name || this.instances.has(one);
    const [now, later] = parted(this.#later, (it) => isThere(it.source) && isThere(it.target));
    this.#later = later;
    return now;
  }

  get names(): readonly string[] {
    return [...this.instances.keys()];
  }

  get flows(): readonly Flow[] {
    return this.links.flatMap(flowsOf);
  }

  /** Since the clock of the scenario. */
  get nowMs(): number {
    return systemClock.nowMs() + this.#shiftMs - this.#epochMs;
  }

  /** By how much a clock without skew is off. */
  get shiftMs(): number {
    return this.#shiftMs - this.#lateMs;
  }

  /** What a clock without skew shows. */
  get wallMs(): number {
    return this.#epochMs + this.nowMs;
  }

  /** Lets the clocks of all jump ahead to a time; those that are past it stay. */
  async goTo(ms: number): Promise<void> {
    const aheadMs = ms - this.nowMs;
    if (aheadMs > 0) this.#shiftMs += aheadMs;
    await this.#setClocks();
    const served = [...this.instances.values()].map((instance) => instance.served);
    await Promise.all(served.map((one) => one?.passTime(Math.max(0, aheadMs))));
  }

  /** Lets all clocks show an earlier time than it is, for a step that comes late. */
  async beLate(ms: number): Promise<void> {
    this.#lateMs = ms;
    await this.#setClocks();
  }

  async #setClocks(): Promise<void> {
    await Promise.all(this.names.map((name) => this.setClock(name)));
  }

  /** Lets an instance's clock show what it should. */
  async setClock(name: string): Promise<void> {
    const { served, skewMs } = this.get(name);
    await served?.setClock(this.shiftMs + skewMs);
  }

  get(name: string): RealInstance {
    const instance = this.instances.get(name);
    if (instance === undefined) throw new StepFailed("", `no instance is called "${name}"`);
    return instance;
  }

  look(name: string): Instance {
    return this.get(name).reader;
  }

  randomOf(): RandomSource {
    return systemRandom;
  }

  /** Somebody who works at an instance, and starts it if it is down. */
  async desk(name: string): Promise<Writer> {
    await this.start(name);
    const writer = await this.get(name).desk();
    if (writer === undefined) throw new StepFailed("", `${name} is down`);
    return writer;
  }

  async start(name: string): Promise<void> {
    if (this.#isClosed || this.#attended.has(name) || this.get(name).served !== undefined) return;
    this.trace.add(name, "starts");
    const served = await this.get(name).start(this.shiftMs);
    served.onCommit = () => this.#onCommit(name, served);
    if (this.#holdsCommits) await served.holdCommits(true);
    const { port } = served;
    for (const link of this.links) if (peerOf(link) === name) link.proxy.targetPort = port;
  }

  async crash(name: string): Promise<void> {
    this.trace.add(name, "is killed");
    await this.get(name).kill();
  }

  /** Stops an instance, does something in its folder, and starts it again. */
  async attend(
    name: string,
    what: string,
    work: () => Promise<void>,
    { staysDown = false }: { readonly staysDown?: boolean } = {},
  ): Promise<void> {
    this.trace.add(name, what);
    this.#attended.add(name);
    await this.get(name)
      .attend(work)
      .finally(() => this.#attended.delete(name));
    if (!staysDown) await this.start(name);
  }

  /** Works with a folder that nobody serves; makes it an instance of that name first, if one is given. */
  async withFolder(
    name: string,
    work: (instance: Instance) => Promise<void>,
    create?: { readonly name: string },
  ): Promise<void> {
    const { folder, skewMs, version } = this.get(name);
    const clock = new ShiftedClock();
    clock.shiftMs = this.shiftMs + skewMs;
    const made = create === undefined ? {} : { create };
    const instance = await openInstance(folder, {
      ...made,
      ...{ clock, edition: editionOf(version), threads: "none" },
    });
    try {
      await work(instance);
    } finally {
      await instance.close();
    }
  }

  /** From now on each commit of anybody is held until its hearer has done what it wants, or none. */
  async holdCommits(isHolding: boolean): Promise<void> {
    if (this.#holdsCommits === isHolding) return;
    this.#holdsCommits = isHolding;
    const served = [...this.instances.values()].map((instance) => instance.served);
    await Promise.all(served.map((one) => one?.holdCommits(isHolding)));
  }

  #onCommit(name: string, served: ServedFolder): void {
    this.trace.add(name, "has committed");
    this.onCommit?.(name);
    // One that has been killed hears no more of it.
    this.chore(served.letCommitGo());
  }

  /** Work that nobody waits for until the step is over. */
  chore(work: Promise<unknown>): void {
    work.catch(() => {});
    this.#chores.push(work);
  }

  /** Waits for what is under way; throws what went wrong in it. */
  async chores(): Promise<void> {
    while (this.#chores.length > 0) await Promise.all(this.#chores.splice(0));
  }

  /** Runs a link once; undefined when its owner is down or goes down on the way. */
  async runLink(link: RealLink, acceptRemovals = false): Promise<RunRow | undefined> {
    const owner = ownerOf(link);
    try {
      const writer = await this.get(owner).desk();
      if (writer !== undefined) await mapWhenPossible(writer, link);
      const run = await writer?.sync(link.name, { acceptRemovals });
      if (run !== undefined) this.trace.add(owner, `ran ${link.name}: ${JSON.stringify(run)}`);
      return run;
    } catch (error) {
      this.trace.add(owner, `could not run ${link.name}: ${String(error)}`);
      return undefined;
    }
  }

  /** What is carried from now on is the next sync's. */
  mark(): void {
    this.#mark = this.#carried();
  }

  get carried(): Carried {
    return carriedSince(this.#mark, this.#carried());
  }

  /** Frames with records so far. */
  get batches(): number {
    return this.#batches;
  }

  #carried(): Carried {
    const bytes = this.links.reduce((sum, { proxy }) => sum + proxy.bytes, 0);
    return { bytes, frames: this.#frames, batches: this.#batches };
  }

  #onMessage(link: RealLink, way: Way, { isText, start }: SeenMessage): void {
    const ends = [ownerOf(link), peerOf(link)] as const;
    const [from, to] = way === "out" ? ends : [ends[1], ends[0]];
    const text = start.toString("utf8");
    this.#frames += 1;
    if (!isText || text.startsWith('{"m":"purges"')) this.#batches += 1;
    const told = isText ? describeFrame(text) : "BATCH";
    this.trace.add(from, `→ ${to} ${told.slice(0, TOLD_CHARS_MAX)}`);
    this.onDelivered?.(from);
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.instances.values()].map((instance) => instance.close()));
    await Promise.allSettled(this.#chores);
    await Promise.all(this.links.map(({ proxy }) => proxy.close()));
  }
}

/** Those of which something is true, and the others. */
function parted<T>(all: readonly T[], isOne: (one: T) => boolean): readonly [T[], T[]] {
  return [all.filter(isOne), all.filter((one) => !isOne(one))];
}

/** Sets the mapping of a link's organizations once those are here that it names. */
async function mapWhenPossible(
  writer: Writer,
  { name, organizations }: PlannedLink,
): Promise<void> {
  if (organizations === undefined) return;
  const row = (await writer.links()).find((link) => link.name === name);
  if (row?.organizations !== undefined) return;
  try {
    await writer.mapLink(name, organizations);
  } catch (error) {
    if (!isSynclineError(error, "OBJECT_NOT_FOUND")) throw error;
  }
}
