import type { EpochReason } from "../store/continuity.ts";
import type { Identity } from "../store/rows.ts";
import { checkName } from "./folder/create-folder.ts";
import type { InstanceParts } from "./parts.ts";

/** What `instance show --json` prints. */
export interface IdentityView {
  readonly id: string;
  readonly name: string;
  readonly epoch: string;
  /** Who this was before, oldest first. */
  readonly former: readonly {
    readonly id: string;
    readonly epoch: string;
    readonly ended: string;
    readonly reason: EpochReason;
  }[];
  /**
   * What came of the last change of epoch: peers that were heard since, by name where that is known,
   * and links whose peer was not. Null for an instance that never was in doubt.
   */
  readonly recovery: {
    readonly heard: readonly string[];
    readonly waiting: readonly string[];
  } | null;
}

export async function identityView({ store }: Pick<InstanceParts, "store">): Promise<IdentityView> {
  const { instance: id, name, epoch } = await store.identity();
  const { former, doubt } = await store.continuity();
  const links = await store.links();
  const nameOf = (peer: string): string =>
    links.find((link) => link.peer === peer)?.peerName ?? peer;
  const isHeard = (peer: string | null): boolean =>
    (doubt?.heard ?? []).some((one) => one === peer);
  return {
    id,
    name,
    epoch,
    former: former.map(({ instance, ...rest }) => ({ id: instance, ...rest })),
    recovery: doubt && {
      heard: doubt.heard.map(nameOf),
      waiting: links.filter(({ peer }) => !isHeard(peer)).map((link) => link.name),
    },
  };
}

/**
 * Gives a copy of an instance an identity of its own. It keeps catalog, history and links; what the
 * peers of the links confirmed to the former one, they have not confirmed to this one.
 */
export async function takeNewIdentity(
  { store }: Pick<InstanceParts, "store">,
  name: string | null,
): Promise<Identity> {
  if (name !== null) checkName(name);
  for (const link of await store.links()) {
    if (link.confirmed !== null) await store.saveLink({ ...link, confirmed: null });
  }
  return store.becomeNew(name);
}
