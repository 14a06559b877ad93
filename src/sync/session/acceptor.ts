import { SynclineError } from "../../base/errors.ts";
import type { ControlMessage } from "../../protocol/control.ts";
import type { Hello } from "../../protocol/hello.ts";
import { commonVersion, OWN_VERSIONS, versionError } from "../../protocol/version.ts";
import type { Identity } from "../../store/rows.ts";
import { EVERYTHING_HASH } from "../scope.ts";
import {
  checkIdentity,
  type Handshake,
  type HandshakeStep,
  introduction,
  type Looked,
} from "./handshake.ts";
import { covers, unexpected, wireHead, wireRung } from "./wire.ts";

export interface AcceptorOptions {
  readonly identity: Identity;
  /** What peers may do: pull from here, push to here. */
  readonly allow: { readonly pull: boolean; readonly push: boolean };
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
    return { look: message.id };
  }

  #checkWish({ want, scope }: Hello): void {
    if (want === "both" || (scope !== undefined && scope !== EVERYTHING_HASH)) {
      const what = want === "both" ? "sync both ways" : "scopes";
      throw new SynclineError("LINK_UNSUPPORTED", `${what} are not available in this version`);
    }
    if (this.#options.allow[want]) return;
    const what = want === "pull" ? "pulling from it" : "pushing to it";
    throw new SynclineError("NOT_ALLOWED", `this instance does not allow ${what}`);
  }

  onLooked({ head, ladder }: Looked): HandshakeStep {
    const hello = this.#hello;
    if (hello === undefined) return {};
    const newest = ladder[0] && wireRung(ladder[0]);
    const sends = hello.want === "pull";
    const upToDate = sends ? covers(hello.rung, wireHead(head)) : covers(newest, hello.head);
    const { identity } = this.#options;
    const saysName = hello.name !== undefined || !upToDate;
    const { id: instance, epoch, name = null } = hello;
    return {
      send: {
        m: "welcome",
        v: this.#version,
        ...introduction(identity),
        ...(saysName ? { name: identity.name } : {}),
        head: wireHead(head),
        ...(upToDate ? { upToDate } : {}),
        ...(sends || upToDate || newest === undefined ? {} : { rung: newest }),
      },
      agreed: {
        peer: { instance, epoch, name },
        direction: sends ? "push" : "pull",
        upToDate,
        peerKnows: upToDate,
        ownHead: head,
        remoteHead: hello.head,
        ladder,
      },
    };
  }
}
