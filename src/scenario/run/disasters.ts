import type { Actions, DisasterKind } from "../format/actions.ts";
import { durationMs } from "../format/fields.ts";
import * as disasters from "../world/disasters.ts";
import { ownerOf, peerOf } from "../world/links.ts";
import { StepFailed } from "./failure.ts";
import type { Stage } from "./stage.ts";

/** What happens to instances beside the changes that people make there. */
export const DISASTERS: {
  readonly [K in DisasterKind]: (stage: Stage, one: Actions[K]) => void | Promise<void>;
} = {
  crash: ({ world }, { on, unsynced }) => {
    if (unsynced === undefined) world.crash(on);
    else disasters.cutPower(world, on, unsynced === "gone");
  },
  restart: ({ world }, { on }) => {
    world.stop(on);
    world.start(on);
  },
  pause: ({ world }, { on, pause }) => disasters.pause(world, on, durationMs(pause)),
  wipe: ({ world }, { on }) => disasters.wipe(world, on),
  backup: ({ world, backups }, { on, backup }) => {
    backups.set(`${on}/${backup}`, disasters.backUp(world, on));
  },
  restoreBackup: async ({ world, backups }, { on, restoreBackup, how = "restore" }) => {
    const backup = backups.get(`${on}/${restoreBackup}`);
    if (backup === undefined) throw new StepFailed("", `${on} has no backup ${restoreBackup} yet`);
    await disasters.restoreBackup(world, on, backup, how);
  },
  clone: async (stage, { on, clone: as, how = "folder" }) => {
    const { world } = stage;
    const links = stage.linksOf(as);
    await disasters.cloneInstance(world, on, { as, isMachine: how === "machine", links });
    world.start(as);
  },
  newIdentity: ({ world }, { on }) => disasters.newIdentity(world, on),
  keepIdentity: ({ world }, { on }) => disasters.keepIdentity(world, on),
  linkAgain: async ({ world }, { on, linkAgain }) => {
    const links = world.links.filter((one) => ownerOf(one) === on && peerOf(one) === linkAgain);
    if (links.length === 0) throw new StepFailed("", `${on} has no link to ${linkAgain}`);
    for (const link of links) await disasters.linkAgain(world, link);
  },
};
