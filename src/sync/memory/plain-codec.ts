import { SynclineError } from "../../base/errors.ts";
import { joined } from "../../base/own-memory.ts";
import type { Codec } from "../codec.ts";

/**
 * No compression, and no thread: for the simulator, where nothing may happen outside virtual time.
 * Both ends have to use it.
 */
export function plainCodec(): Codec {
  return {
    compress: (bytes) => Promise.resolve([bytes]),
    decompress: (bytes, rawBytes) =>
      bytes.length === rawBytes
        ? Promise.resolve(joined([bytes]))
        : Promise.reject(new SynclineError("PROTOCOL_ERROR", "a frame has not the stated size")),
    close: () => undefined,
  };
}
