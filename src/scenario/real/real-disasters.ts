import { rmSync } from "node:fs";
import { join } from "node:path";
import type { NewLink } from "../../instance/links.ts";
import type { Actions, DisasterKind } from "../format/actions.ts";
import { StepFailed } from "../run/failure.ts";
import { ownerOf, type PlannedLink, peerOf, rowOf } from "../world/links.ts";
import { readLog } from "../world/log-mirror.ts";
import { backUp, copyInto, putBack } from "./real-backup.ts";
import type { RealFaults } from "./real-faults.ts";
import { RealInstance } from "./real-instance.ts";
import type { RealLink, RealWorld } from "./real-world.ts";
import { losePower } from "./unsynced-files.ts";

type Disaster<K extends DisasterKind> = (
  world: RealWorld,
  one: Actions[K],
  faults: RealFaults,
) => void | Promise<void>;

/** What happens to the processes and folders of instances. */
export const REAL_DISASTERS: { readonly [K in DisasterKind]: Disaster<K> } = {
  crash: (world, { on, unsynced }, faults) => {
    if (unsynced === undefined) return faults.crash(on);
    return faults.crash(on, undefined, () => {
      losePower(world.get(on).folder, unsynced === "gone");
    });
  },
  restart: async (world, { on }) => {
    await world.crash(on);
    await world.start(on);
  },
  pause: (_world, { on, pause }, faults) => faults.pause(on, pause),
  backup: async (world, { on, backup }) => {
    world.trace.add(on, "is backed up");
    const file = join(world.root, `backup-${world.backups.size}.db`);
    world.backups.set(`${on}/${backup}`, await backUp(world.get(on), file));
  },
  restoreBackup,
  wipe,
  clone,
  newIdentity: (world, { on }) => {
    return world.attend(on, "gets an identity of its own", async () => {
      await world.withFolder(on, async (instance) => void (await instance.takeNewIdentity()));
    });
  },
  keepIdentity: (world, { on }) => {
    return world.attend(on, "keeps its identity", async () => {
      await world.withFolder(on, async (instance) => void (await instance.keepIdentity()));
    });
  },
  linkAgain: async (world, { on, linkAgain }) => {
    const links = world.links.filter((one) => ownerOf(one) === on && peerOf(one) === linkAgain);
    if (links.length === 0) throw new StepFailed("", `${on} has no link to ${linkAgain}`);
    const desk = await world.desk(on);
    for (const link of links) {
      await desk.removeLink(link.name);
      await desk.addLink(newLink(link));
    }
  },
};

async function restoreBackup(
  world: RealWorld,
  { on, restoreBackup: name, how = "restore" }: Actions["restoreBackup"],
): Promise<void> {
  const backup = world.backups.get(`${on}/${name}`);
  if (backup === undefined) throw new StepFailed("", `${on} has no backup ${name} yet`);
  const instance = world.get(on);
  if (how === "machine") await world.crash(on);
  await setBack(world, on, `is set back: ${how}`, () => putBack(backup, instance.folder, how));
  instance.remember(backup);
  if (how === "machine") await instance.cannotKnow();
  await world.start(on);
}

/** An instance loses all, and somebody sets up another one in its place, with its links. */
async function wipe(world: RealWorld, { on }: Actions["wipe"]): Promise<void> {
  const instance = world.get(on);
  await world.crash(on);
  await setBack(world, on, "loses everything, and is set up anew", async () => {
    rmSync(instance.folder, { recursive: true });
    await world.withFolder(
      on,
      async (anew) => {
        for (const link of world.links) if (ownerOf(link) === on) await anew.addLink(newLink(link));
      },
      { name: on },
    );
  });
  instance.remember({ shunned: [], authoredDigest: null });
  await world.start(on);
}

/** Something else takes the place of what a folder holds; notes what nobody has any more then. */
async function setBack(
  world: RealWorld,
  name: string,
  what: string,
  replace: () => Promise<void>,
): Promise<void> {
  const instance = world.get(name);
  const before = await readLog(instance.reader.store);
  for (const { kind, object } of before) if (kind === "purge") world.gone.add(object);
  for (const object of instance.shunned) world.gone.add(object);
  await world.attend(name, what, replace, { staysDown: true });
  const logs = await Promise.all(world.names.map((one) => readLog(world.look(one).store)));
  const held = new Set(logs.flat().map(({ id }) => id));
  for (const { id } of before) if (!held.has(id)) world.vanished.add(id);
}

/** Copies an instance to another place, where nobody says that it is a copy. */
async function clone(world: RealWorld, one: Actions["clone"]): Promise<void> {
  const { on, clone: as, how = "folder" } = one;
  const original = world.get(on);
  world.trace.add(on, `is copied: ${as}`);
  const backup = await backUp(original, join(world.root, `copied-as-${as}.db`));
  const folder = join(world.root, as);
  copyInto(backup, folder, how === "machine");
  const { version } = original;
  const copy = await RealInstance.in(folder, { name: as, copiedFrom: on, version });
  copy.skewMs = original.skewMs;
  copy.remember(backup);
  world.instances.set(as, copy);
  const own = world.links.filter((link) => ownerOf(link) === on && peerOf(link) !== as);
  const taken = await Promise.all(own.map((link) => world.connect(ownedBy(link, on, as))));
  await world.withFolder(as, async (instance) => {
    for (const { name, proxy } of taken) await instance.setLink(name, { url: urlOf(proxy) });
  });
  if (how === "machine") for (const twin of [original, copy]) await twin.cannotKnow();
  await world.start(as);
  for (const planned of world.linksOf(as)) {
    const link = await world.connect(planned);
    await (await world.desk(ownerOf(link))).addLink(newLink(link));
  }
}

function ownedBy(link: PlannedLink, owner: string, other: string): PlannedLink {
  return link.source === owner ? { ...link, source: other } : { ...link, target: other };
}

/** A link as somebody adds it who works at its owner. */
function newLink(link: RealLink): NewLink {
  const { name, direction, mode, scope, maxRemovals, refusesPurges, onLeave } = rowOf(link);
  return {
    ...{ name, direction, mode, maxRemovals, url: urlOf(link.proxy) },
    ...(scope === null ? {} : { scope: JSON.parse(scope) }),
    ...(refusesPurges === undefined ? {} : { refusesPurges }),
    ...(onLeave === undefined ? {} : { onLeave }),
  };
}

function urlOf({ port }: { readonly port: number }): string {
  return `http://127.0.0.1:${port}`;
}
