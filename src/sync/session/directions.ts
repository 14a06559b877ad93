import { mayBeBack } from "../../store/ladder.ts";
import type { Identity } from "../../store/rows.ts";
import { namedScope, ownKey } from "../scope-ref.ts";
import { epochsOfCopies, isForkKnown } from "./continuity.ts";
import type { Emit } from "./effects.ts";
import type { Agreement } from "./handshake.ts";
import type { News } from "./news.ts";
import { writerOf } from "./result.ts";
import type { SourceOptions } from "./source-options.ts";
import type { TargetOptions } from "./target-options.ts";

/** What the directions take from their session. */
interface Surroundings {
  readonly role: "dialer" | "acceptor";
  readonly identity: Identity;
  readonly isGuarded: boolean;
  readonly news: News;
  readonly emit: Emit;
}

/**
 * The directions that two sides agreed on. Over a link in one direction, who was restored gets back
 * what it authored itself, against the direction, until it has heard from the peer; also when that
 * is all that shall travel.
 */
export function directionsOf(
  agreed: Agreement,
  around: Surroundings,
): { readonly source: SourceOptions | null; readonly target: TargetOptions | null } {
  const { direction, recovers, peerRecovers } = agreed;
  const gives = direction !== "pull" || peerRecovers;
  const gets = direction !== "push" || recovers;
  return {
    source: gives ? sourceOptions(agreed, around, gets) : null,
    target: gets ? targetOptions(agreed, around, gives) : null,
  };
}

function sourceOptions(
  agreed: Agreement,
  { role, identity, news }: Surroundings,
  isBoth: boolean,
): SourceOptions {
  const { peer, scope, direction, ownHead: head, policiesDiffer, isLive } = agreed;
  const order = role === "dialer" ? "last" : "first";
  const isOwn = direction === "pull" || agreed.isOwnOnly;
  return {
    peerActor: writerOf(peer),
    scope: isOwn ? namedScope() : scope,
    head,
    epoch: identity.epoch,
    sendsPolicies: policiesDiffer,
    mayStay: isLive,
    news,
    ...(isBoth ? { order } : {}),
    ...(isOwn ? { only: peer.instance, except: epochsOfCopies(agreed) } : {}),
  };
}

function targetOptions(
  agreed: Agreement,
  { identity, isGuarded, emit }: Surroundings,
  isBoth: boolean,
): TargetOptions {
  const { peer, scope, standing, direction, remoteHead, ownHead, removals } = agreed;
  const isOwn = direction === "push" || agreed.isOwnOnly;
  const { epoch } = identity;
  const isAsked = isGuarded && !isOwn;
  return {
    peer,
    ladder: isOwn ? standing.ownLadder : agreed.ladder,
    scope: isOwn ? namedScope() : scope,
    key: isOwn ? ownKey(epoch) : scope.hash,
    isBoth,
    needsOnePolicy: direction === "both" && !isOwn,
    policiesDiffer: agreed.policiesDiffer,
    isForkKnown: isForkKnown(standing.met, peer.epoch),
    known(seq) {
      if (seq > standing.number) emit({ kind: "learnOwn", epoch, seq });
    },
    drops: agreed.drops && !isOwn,
    isAgain: !isOwn && (agreed.isAgain || mayBeBack(agreed.ladder, peer.epoch)),
    wantsLive: agreed.isLive,
    refusesPurges: agreed.refusesPurges || undefined,
    guard: isAsked
      ? { accepted: removals === "accepted", peerAnnounces: removals !== "unknown" }
      : null,
    remoteHead: remoteHead[0],
    ownHead: ownHead.lsn,
  };
}
