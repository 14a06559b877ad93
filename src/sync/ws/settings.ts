import { FRAME_BYTES_MAX, FRAME_FRAGMENTS_MAX } from "../../base/limits.ts";

export interface WsSettings {
  readonly perMessageDeflate: false;
  readonly maxPayload: number;
  readonly maxFragments: number;
}

/** What both ends of a sync WebSocket are set to. Records come compressed, so frames are not. */
export const WS_SETTINGS: WsSettings = {
  perMessageDeflate: false,
  maxPayload: FRAME_BYTES_MAX,
  maxFragments: FRAME_FRAGMENTS_MAX,
};
