import type { Codec } from "../../sync/codec.ts";
import type { Process } from "./process.ts";

/** What compressing one frame takes. */
const CODEC_MS = 0.05;

/**
 * A codec whose answers come at virtual times, in the order of the calls. What the real codec
 * does on threads of its own is waited for in between, so that their timing does not show.
 */
export function simulatedCodec(inner: Codec, process: Process): Codec {
  const forget = process.onKill(() => inner.close());
  return {
    compress(bytes) {
      const pieces = handled(inner.compress(bytes));
      return process.work(CODEC_MS, () => pieces);
    },
    decompress(bytes, rawBytes) {
      const records = handled(inner.decompress(bytes, rawBytes));
      return process.work(CODEC_MS, () => records);
    },
    close() {
      forget();
      inner.close();
    },
  };
}

/** Nobody may be waiting any more when it fails: that is no fault then. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
