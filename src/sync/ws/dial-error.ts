import { SynclineError } from "../../base/errors.ts";

const TIMEOUTS: readonly string[] = ["ETIMEDOUT", "ESOCKETTIMEDOUT"];

/** The error for a failed attempt to connect. */
export function dialError(url: string, cause: Error & { readonly code?: string }): SynclineError {
  const { code = "", message } = cause;
  if (TIMEOUTS.includes(code) || message === "Opening handshake has timed out") {
    return new SynclineError("TIMEOUT", `no answer from ${url}`, {
      cause,
      where: url,
      retriable: true,
      hint: "check the address, and that no firewall is in between",
    });
  }
  // Without a code, the answer was HTTP but no WebSocket of ours; HPE codes: it was not even HTTP.
  if (code === "" || code.startsWith("HPE_") || code.startsWith("WS_ERR")) {
    return notAPeer(url, message, cause);
  }
  return new SynclineError("CONNECT_FAILED", `cannot connect to ${url}: ${code}`, {
    cause,
    where: url,
    retriable: true,
    hint: hintFor(code),
  });
}

/** The error for an HTTP answer other than 101. */
export function answerError(url: string, status: number): SynclineError {
  return notAPeer(url, `it answered with the HTTP status ${status}`);
}

function notAPeer(url: string, why: string, cause?: Error): SynclineError {
  return new SynclineError("NOT_A_PEER", `${url} is no Syncline instance: ${why}`, {
    ...(cause === undefined ? {} : { cause }),
    where: url,
    hint: "check the address; it is the one that `syncline serve` prints",
  });
}

function hintFor(code: string): string {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "check the name in the address";
  if (code === "ECONNREFUSED")
    return "is the other instance running? start it with `syncline serve`";
  return "check the address and the network";
}
