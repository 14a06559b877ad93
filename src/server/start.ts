import type { AddressInfo } from "node:net";
import { pid } from "node:process";
import type { FastifyBaseLogger } from "fastify";
import { SynclineError } from "../base/errors.ts";
import { systemRandom } from "../base/ports/random.ts";
import { removeServeFile, writeServeFile } from "../instance/folder/serve-file.ts";
import type { Instance } from "../instance/instance.ts";
import { type ServeSyncOptions, serveSync } from "../instance/serve-sync.ts";
import { isLoopback } from "../sync/ws/loopback.ts";
import { buildApp } from "./app.ts";

export interface ServerOptions {
  readonly instance: Instance;
  /** Its folder; a file there tells other processes how to reach this one. */
  readonly folder: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Refuses purges of peers that the instance has no link with. */
  readonly refusesPurges?: boolean;
  /** Requests at info level, without secrets; silent when left out. */
  readonly logger?: FastifyBaseLogger;
  /** How peers' sessions go: the system's clock and the usual pace unless given. */
  readonly sync?: Pick<ServeSyncOptions, "clock" | "pace">;
}

export interface RunningServer {
  /** `http://127.0.0.1:7300`. */
  readonly url: string;
  /** Stops accepting, ends what is running at its next commit; the instance stays open. */
  close(): Promise<void>;
}

const TOKEN_BYTES = 32;

/** Serves an open instance over HTTP. Throws `PORT_IN_USE`, `NOT_ALLOWED`. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { instance, folder, host, port, logger, refusesPurges = false } = options;
  refuseOpenBinding(host);
  const token = Buffer.from(systemRandom.bytes(TOKEN_BYTES)).toString("base64url");
  const fastify = buildApp({ instance, token, logger });
  let url = "";
  const sync = serveSync(instance, fastify.server, {
    ...options.sync,
    ownOrigins: () => [url],
    refusesPurges,
  });
  fastify.addHook("preClose", () => sync.close());
  try {
    await fastify.listen({ host, port });
  } catch (error) {
    await fastify.close();
    throw asListenFailure(error, host, port);
  }
  url = urlOf(host, (fastify.server.address() as AddressInfo).port);
  try {
    writeServeFile(folder, { url, pid, token });
  } catch (error) {
    await fastify.close();
    throw error;
  }
  const schedule = await instance.schedule();
  return {
    url,
    async close() {
      removeServeFile(folder, pid);
      await schedule.stop();
      await fastify.close();
    },
  };
}

/** Until there are tokens for people and peers, the server stays on its own machine. */
function refuseOpenBinding(host: string): void {
  if (isLoopback(host)) return;
  throw new SynclineError("NOT_ALLOWED", `serving on ${host} is not available in this version`, {
    hint: "serve on 127.0.0.1; ssh -L, or a reverse proxy that sends Host: localhost, leads there",
  });
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function asListenFailure(error: unknown, host: string, port: number): unknown {
  const where = `${host}:${port}`;
  switch ((error as NodeJS.ErrnoException).code) {
    case "EADDRINUSE":
      return new SynclineError("PORT_IN_USE", `port ${port} is taken by another process`, {
        where,
        hint: "choose another with --port, or --port 0 for any free one",
        cause: error,
      });
    case "EACCES":
      return new SynclineError("NO_PERMISSION", `port ${port} may not be used by this user`, {
        where,
        hint: "ports below 1024 are reserved; choose another with --port",
        cause: error,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new SynclineError("USAGE", `this machine has no address ${host}`, {
        where,
        cause: error,
      });
    default:
      return error;
  }
}
