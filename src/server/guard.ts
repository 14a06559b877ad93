import { timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { SynclineError } from "../base/errors.ts";
import { sha256 } from "../base/hash.ts";
import { isLoopbackHost } from "../sync/ws/loopback.ts";

/**
 * Refuses what a web page could have sent. The `Host` must be a loopback name, as the server only
 * ever listens there, and an `Origin`, which browsers add, must be this server's own.
 */
export function guardSource(request: Pick<FastifyRequest, "headers">): void {
  const { host = "", origin } = request.headers;
  if (!isLoopbackHost(host)) {
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
