import { timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { SynclineError } from "../base/errors.ts";
import { sha256 } from "../base/hash.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;

/** True for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.toLowerCase());
}

/**
 * Refuses what a web page could have sent. The `Host` must be a loopback name (else a domain that
 * someone points at 127.0.0.1 would count as this server: DNS rebinding), and an `Origin`, which
 * browsers add, must be this server's own.
 */
export function guardSource(request: Pick<FastifyRequest, "headers">): void {
  const { host = "", origin } = request.headers;
  if (!isLoopback(host.replace(/:\d+$/, ""))) {
    throw new SynclineError("ORIGIN_REFUSED", "the Host header is no address of this machine", {
      where: `Host: ${host.slice(0, 100)}`,
      hint: "use the address that serve printed",
    });
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new SynclineError("ORIGIN_REFUSED", "a web page from another origin sent this request", {
      where: `Origin: ${origin.slice(0, 100)}`,
    });
  }
}

/** Refuses a request that does not carry the token of this start. */
export function guardToken(request: Pick<FastifyRequest, "headers">, token: string): void {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  // Hashed first, so that both have one length and the comparison tells nothing by its time.
  if (given !== undefined && timingSafeEqual(sha256(given), sha256(token))) return;
  throw new SynclineError("NOT_ALLOWED", "this request needs the server's token", {
    hint: "send Authorization: Bearer with the token in the folder's serve.json",
  });
}
