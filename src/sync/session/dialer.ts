import { SynclineError } from "../../base/errors.ts";
import type { InstanceId } from "../../base/ids.ts";
import type { Edition } from "../../log/edition.ts";
import type { ControlMessage } from "../../protocol/control.ts";
import type { Hello } from "../../protocol/hello.ts";
import { OWN_VERSIONS, versionError } from "../../protocol/version.ts";
import type { Welcome } from "../../protocol/welcome.ts";
import { EVERYTHING_HASH } from "../../scope/scope.ts";
import type { Direction, Identity } from "../../store/rows.ts";
import type { ScopeRef } from "../../store/store.ts";
import { asksForEpochs, checkMet, formerOf, isOwed, recovery } from "./continuity.ts";
import {
  againstDirection,
  checkIdentity,
  type Handshake,
  type HandshakeStep,
  introduction,
  isPolicyNews,
  isTold,
  type Looked,
  wirePolicy,
} from "./handshake.ts";
import { covers, wireHead, wireRung } from "./wire.ts";

export interface DialerOptions {
  readonly identity: Identity;
  readonly direction: Direction;
  readonly scope: ScopeRef;
  /** Whom the link was made with; null before the first contact. */
  readonly peer: InstanceId | null;
  /** A person agrees to what the run may remove. */
  readonly acceptRemovals?: boolean;
  /** Only what this instance authored itself, and lost; with `pull`. */
  readonly isOwnOnly?: boolean | undefined;
  /** What comes is stored in a copy that nobody keeps. */
  readonly isRehearsal?: boolean;
  /** The link's name, when the connection is to stay. */
  readonly live?: string | undefined;
  /** What the program knows; what this version does unless given. */
  readonly edition?: Edition | undefined;
}

/** The side that dialed: HELLO, then what WELCOME says. */
export class DialerHandshake implements Handshake {
  readonly #options: DialerOptions;
  #looked: Looked | undefined;
  /** As HELLO said it. */
  #recovers: boolean | undefined;
  #welcome: Welcome | undefined;

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  onOpened(): HandshakeStep {
    const { peer, live } = this.#options;
    return { look: this.#look(peer), follow: live !== undefined };
  }

  #look(peer: InstanceId | null): HandshakeStep["look"] & object {
    const { scope, direction } = this.#options;
    return { peer, scope, sends: direction !== "pull" };
  }

  onLooked(looked: Looked): HandshakeStep {
    this.#looked = looked;
    // Both ways, the peer leaves out what came from here: of what was dropped, that is missing, too.
    const isAgain = looked.isAgain === true && this.#options.direction === "both";
    this.#recovers ??= looked.standing.recovers || isAgain;
    return this.#welcome === undefined ? { send: this.#hello(looked) } : this.#agree(this.#welcome);
  }

  #hello(looked: Looked): Hello {
    const { head, ladder, policy, standing } = looked;
    const { identity, direction, scope, acceptRemovals, live, edition, isOwnOnly } = this.#options;
    const moved = direction !== "pull" && !isTold(looked);
    // Who says where it stands may hear that there is nothing to do.
    const isSilent = direction === "push" || isOwnOnly || looked.mustDrop === true;
    const newest = isSilent ? undefined : ladder[0];
    const hash = wirePolicy(policy);
    const known = direction === "pull" ? standing.known : null;
    const asks = direction === "pull" && this.#recovers !== true && asksForEpochs(standing);
    const former = direction === "pull" && !isOwnOnly ? standing.knownOfFormer : [];
    return {
      m: "hello",
      v: OWN_VERSIONS,
      ...introduction(identity, edition),
      name: identity.name,
      ...(hash === undefined ? {} : { policy: hash }),
      head: wireHead(head),
      want: direction,
      ...(scope.hash === EVERYTHING_HASH ? {} : { scope: scope.hash }),
      ...(moved ? { moved } : {}),
      ...(newest === undefined ? {} : { rung: wireRung(newest) }),
      ...(known?.epoch === newest?.epoch && known?.seq ? { knownOfYou: known.seq } : {}),
      ...(former.length === 0 ? {} : { knownOfFormer: former }),
      ...(this.#recovers === true ? recovery(standing) : {}),
      ...(asks ? { epochs: [] } : {}),
      ...(isOwnOnly ? { own: true } : {}),
      removals: acceptRemovals === true ? "accepted" : "known",
      ...(looked.mayDrop === true ? { drops: true } : {}),
      ...(this.#options.isRehearsal === true ? { rehearsal: true } : {}),
      ...(live === undefined ? {} : { live: true, link: live }),
    };
  }

  onMessage(message: ControlMessage): HandshakeStep {
    if (message.m !== "welcome" || this.#looked === undefined) {
      throw new SynclineError("NOT_A_PEER", `the peer answered HELLO with "${message.m}"`);
    }
    const { identity, peer } = this.#options;
    const [min, max] = OWN_VERSIONS;
    if (message.v < min || message.v > max) throw versionError([message.v, message.v]);
    checkIdentity(identity, message.id);
    if (peer !== null && peer !== message.id) throw peerChanged(peer, message.id);
    this.#welcome = message;
    // Only now it is known whose cursor to look for.
    if (peer === null && this.#options.direction !== "push") {
      return { look: { ...this.#look(message.id), epoch: message.epoch } };
    }
    return this.#agree(message);
  }

  #agree(welcome: Welcome): HandshakeStep {
    const { direction, live, identity } = this.#options;
    const looked = this.#looked as Looked;
    const { head, ladder, policy, standing, refusesPurges = false } = looked;
    const { id: instance, epoch, name = null, maxSeqKnownOfYou = 0 } = welcome;
    const peer = { instance, epoch, name, former: formerOf(welcome) };
    checkMet(standing.met, peer);
    const isOwnOnly = this.#options.isOwnOnly === true;
    if (isOwnOnly && welcome.own !== true) throw givesAllOnly();
    if (maxSeqKnownOfYou > standing.number) {
      return { learn: { epoch: identity.epoch, seq: maxSeqKnownOfYou } };
    }
    const { knownOfFormer: told = [] } = welcome;
    // Whoever says so in HELLO gets it; this session has begun without.
    if (this.#recovers !== true && isOwed(standing, told, identity)) return { owing: instance };
    const peerRecovers = welcome.recover === true;
    // Who does not know REMOVALS knows nothing of this either.
    const recovers = this.#recovers === true && welcome.removals === true;
    const isWhole = !peerRecovers && this.#recovers !== true && looked.mustDrop !== true;
    const newest = ladder[0] && wireRung(ladder[0]);
    const policiesDiffer = wirePolicy(policy) !== welcome.policy;
    const isPull = direction === "pull" && live === undefined && isWhole;
    const hasAll = isPull && !isPolicyNews(welcome.policy, looked) && covers(newest, welcome.head);
    const isLive = live !== undefined && !againstDirection(direction, recovers, peerRecovers);
    return {
      agreed: {
        peer,
        scope: this.#options.scope,
        direction,
        policiesDiffer: policiesDiffer && !isOwnOnly,
        upToDate: welcome.upToDate === true || hasAll,
        peerKnows: welcome.upToDate === true,
        isLive,
        link: live ?? null,
        ownHead: head,
        remoteHead: welcome.head,
        ladder,
        refusesPurges,
        drops: looked.drops === true,
        isAgain: looked.isAgain === true,
        removals: welcome.removals === true ? "known" : "unknown",
        recovers,
        peerRecovers,
        peerEpochs: welcome.epochs,
        peerDrops: welcome.drops === true,
        isOwnOnly,
        told,
        standing,
      },
    };
  }
}

/** Versions of before answer such a HELLO as any other. */
function givesAllOnly(): SynclineError {
  const message = "the peer does not know how to give back only what this instance authored";
  return new SynclineError("LINK_UNSUPPORTED", message, {
    hint: "sync with it: what was lost comes back with everything else",
  });
}

function peerChanged(expected: InstanceId, found: InstanceId): SynclineError {
  const message = `the link is with the instance ${expected}, but ${found} answered`;
  return new SynclineError("PEER_CHANGED", message, {
    hint: "if that is meant to be, remove the link and add it again",
  });
}
