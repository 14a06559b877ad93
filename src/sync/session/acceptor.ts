import { SynclineError } from "../../base/errors.ts";
import type { Edition } from "../../log/edition.ts";
import type { ControlMessage } from "../../protocol/control.ts";
import type { Hello } from "../../protocol/hello.ts";
import { commonVersion, OWN_VERSIONS, versionError } from "../../protocol/version.ts";
import type { Welcome } from "../../protocol/welcome.ts";
import type { Identity } from "../../store/rows.ts";
import { namedScope } from "../scope-ref.ts";
import { checkMet, formerOf, isOwed, recovery, type Standing, toldBy } from "./continuity.ts";
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
import type { PeerInfo } from "./result.ts";
import { covers, unexpected, wireHead, wireRung } from "./wire.ts";

export interface AcceptorOptions {
  readonly identity: Identity;
  /** What peers may do: pull from here, push to here. */
  readonly allow: { readonly pull: boolean; readonly push: boolean };
  /** What the program knows; what this version does unless given. */
  readonly edition?: Edition | undefined;
}

/** What the dialer wants, as seen from the side that was dialed. */
const SEEN_FROM_HERE = { pull: "push", push: "pull", both: "both" } as const;

/** The dialer wants back what it authored itself, and nothing else. */
function isOwnOnly({ own, recover }: Hello): boolean {
  return own === true && recover === true;
}

/** A field that HELLO does not have may be unknown to the dialer. */
function answeredRecovery(hello: Hello, standing: Standing): Partial<Welcome> {
  const { epochs, ...rest } = recovery(standing);
  return hello.epochs === undefined || epochs === undefined ? rest : { ...rest, epochs };
}

/** What a mapping writes is for this side alone. */
function mappingTravels(): SynclineError {
  return new SynclineError(
    "NOT_ALLOWED",
    "this instance maps the organizations of what it takes from you, and would send that back",
    { hint: "link in one direction: push, or pull" },
  );
}

/** The side that was dialed: checks HELLO and answers WELCOME. */
export class AcceptorHandshake implements Handshake {
  readonly #options: AcceptorOptions;
  #hello: Hello | undefined;
  #version = 0;

  constructor(options: AcceptorOptions) {
    this.#options = options;
  }

  onOpened(): HandshakeStep {
    return {};
  }

  onMessage(message: ControlMessage): HandshakeStep {
    if (message.m !== "hello" || this.#hello !== undefined) {
      throw unexpected(`"${message.m}" instead of HELLO`);
    }
    const version = commonVersion(message.v, OWN_VERSIONS);
    if (version === undefined) throw versionError(message.v);
    checkIdentity(this.#options.identity, message.id);
    this.#checkWish(message);
    this.#hello = message;
    this.#version = version;
    const look = {
      peer: message.id,
      epoch: message.epoch,
      scope: namedScope(message.scope),
      sends: message.want !== "push",
    };
    return { look, follow: message.live === true };
  }

  #checkWish(hello: Hello): void {
    const { want } = hello;
    const { allow } = this.#options;
    // Whose it is may have it back, whatever else is allowed.
    if (isOwnOnly(hello)) return;
    const [pulls, pushes] = [want !== "push", want !== "pull"];
    if ((!pulls || allow.pull) && (!pushes || allow.push)) return;
    const what = pulls && !allow.pull ? "pulling from it" : "pushing to it";
    throw new SynclineError("NOT_ALLOWED", `this instance does not allow ${what}`);
  }

  onLooked(looked: Looked): HandshakeStep {
    const hello = this.#hello;
    if (hello === undefined) return {};
    if (looked.maps === true && hello.want === "both") throw mappingTravels();
    const { standing } = looked;
    const { id: instance, epoch, name = null } = hello;
    const peer = { instance, epoch, name, former: formerOf(hello) };
    checkMet(standing.met, peer);
    const { epoch: own } = this.#options.identity;
    const { knownOfYou = 0, rung } = hello;
    if (rung?.[0] === own && knownOfYou > standing.number) {
      return { learn: { epoch: own, seq: knownOfYou } };
    }
    return this.#welcome(hello, peer, looked);
  }

  #welcome(hello: Hello, peer: PeerInfo, looked: Looked): HandshakeStep {
    const { head, ladder, policy, standing, refusesPurges = false } = looked;
    const newest = ladder[0] && wireRung(ladder[0]);
    const { want } = hello;
    const [sends, receives] = [want !== "push", want !== "pull"];
    const hash = wirePolicy(policy);
    const policiesDiffer = hash !== hello.policy;
    const { removals = "unknown" } = hello;
    const peerRecovers = hello.recover === true;
    const isOwn = isOwnOnly(hello);
    const recovers = this.#recovers(hello, looked);
    // A peer that pulls judges by itself whether a policy is news to it.
    const isNews = want === "push" ? isPolicyNews(hello.policy, looked) : policiesDiffer;
    const isLive = hello.live === true && !againstDirection(want, recovers, peerRecovers);
    const upToDate =
      hello.live !== true &&
      !isNews &&
      !peerRecovers &&
      !recovers &&
      (!sends || (covers(hello.rung, wireHead(head)) && isTold(looked))) &&
      (!receives ||
        (covers(newest, hello.head) && hello.moved !== true && looked.mustDrop !== true));
    const { identity, edition } = this.#options;
    const known = sends ? 0 : (standing.known?.seq ?? 0);
    const former = sends || removals === "unknown" ? [] : standing.knownOfFormer;
    return {
      send: {
        m: "welcome",
        v: this.#version,
        ...introduction(identity, edition),
        name: identity.name,
        ...(hash === undefined ? {} : { policy: hash }),
        head: wireHead(head),
        ...(upToDate ? { upToDate } : {}),
        ...(upToDate || removals === "unknown" ? {} : { removals: true }),
        ...(known === 0 ? {} : { maxSeqKnownOfYou: known }),
        ...(former.length === 0 ? {} : { knownOfFormer: former }),
        ...(recovers ? answeredRecovery(hello, standing) : {}),
        ...(isOwn ? { own: true } : {}),
        ...(looked.mayDrop === true && !upToDate ? { drops: true } : {}),
        ...(!receives || upToDate || newest === undefined ? {} : { rung: newest }),
      },
      agreed: {
        peer,
        scope: namedScope(hello.scope),
        direction: SEEN_FROM_HERE[want],
        policiesDiffer: policiesDiffer && !isOwn,
        upToDate,
        peerKnows: upToDate,
        isLive,
        link: hello.link ?? null,
        ownHead: head,
        remoteHead: hello.head,
        ladder,
        refusesPurges,
        drops: looked.drops === true,
        isAgain: looked.isAgain === true,
        removals,
        isRehearsal: hello.rehearsal === true,
        recovers,
        peerRecovers,
        peerEpochs: hello.epochs,
        peerDrops: hello.drops === true,
        isOwnOnly: isOwn,
        told: toldBy(hello),
        standing,
      },
    };
  }

  #recovers(hello: Hello, { standing, isAgain }: Looked): boolean {
    // Who does not know REMOVALS knows nothing of this either.
    if (hello.removals === undefined) return false;
    if (standing.recovers || (isAgain === true && hello.want === "both")) return true;
    return !isOwnOnly(hello) && isOwed(standing, toldBy(hello), this.#options.identity);
  }
}
