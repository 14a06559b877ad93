import type { ActorId, InstanceId } from "../../base/ids.ts";
import type { LogHead } from "../../log/reader.ts";
import type { ScopeRef } from "../../store/store.ts";
import type { News } from "./news.ts";

/** What the sending half of a direction is told. */
export interface SourceOptions {
  /** Whom the target authors as: it hears which of its numbers are known here. */
  readonly peerActor: ActorId;
  /** What may be sent; its text where this side knows it. */
  readonly scope: ScopeRef;
  /** The own epoch: another one's rungs may be of a time that was lost. */
  readonly epoch: string;
  /**
   * Send only what the peer authored itself, and lost, with what that builds on: no policies, and no
   * purges of others.
   */
  readonly only?: InstanceId;
  /** With `only`: its epochs in which a copy wrote that is somebody else now. */
  readonly except?: readonly string[];
  /** The end of the log as the handshake told it. */
  readonly head: LogHead;
  /** The policies go ahead of everything else. */
  readonly sendsPolicies: boolean;
  /**
   * One direction of two: `first` says CAUGHT_UP and goes on when told to, `last` says it when told.
   * Pages are read once it is known what the peer sent itself (`SourceSide.leaveOut`).
   */
  readonly order?: "first" | "last";
  /** HELLO said live. */
  readonly mayStay: boolean;
  /** What was committed since the handshake looked; whoever has the session adds to it. */
  readonly news: News;
}
