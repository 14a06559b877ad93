import { pid } from "node:process";
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { parseJson } from "../base/ingress/parse-json.ts";
import {
  AUTHOR_CHARS_MAX,
  CHANGESET_BYTES_MAX,
  FILE_CHARS_MAX,
  MESSAGE_CHARS_MAX,
} from "../base/limits.ts";
import type { Instance } from "../instance/instance.ts";
import { EVENTS_TYPE } from "./events.ts";
import { answerError, answerErrors, answerUnreadable } from "./failures.ts";
import { guardSource, guardToken } from "./guard.ts";
import { addChangesRoute } from "./routes/changes.ts";
import { addConflictRoutes } from "./routes/conflicts.ts";
import { addImportsRoute } from "./routes/imports.ts";
import { addLinkRoutes } from "./routes/links.ts";
import { addPolicyRoutes } from "./routes/policy.ts";
import { addQuarantineRoutes } from "./routes/quarantine.ts";
import { addRevisionsRoute } from "./routes/revisions.ts";
import { addRunRoutes } from "./routes/runs.ts";
import { addSettingsRoutes } from "./routes/settings.ts";
import { addStatusRoute } from "./routes/status.ts";
import { addSyncsRoute } from "./routes/syncs.ts";
import { addWatchesRoute } from "./routes/watches.ts";
import { addWorkRoute } from "./routes/work.ts";
import { WorkInHand } from "./work.ts";

export interface AppOptions {
  readonly instance: Instance;
  /** What write requests must carry; made anew at every start. */
  readonly token: string;
  readonly logger: FastifyBaseLogger | undefined;
}

/** What a UTF-16 unit can become in a URL: three bytes of UTF-8, each as %XX. */
const URL_BYTES_PER_CHAR = 9;
/** Room for the longest author, message and file name in the query of an import. */
const HEADER_BYTES_MAX =
  (AUTHOR_CHARS_MAX + MESSAGE_CHARS_MAX + FILE_CHARS_MAX) * URL_BYTES_PER_CHAR + 16 * 1024;
const READING: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** The HTTP application, not yet listening. */
export function buildApp({ instance, token, logger }: AppOptions): FastifyInstance {
  const fastify = Fastify({
    bodyLimit: CHANGESET_BYTES_MAX,
    forceCloseConnections: true,
    // A request without Host is answered by the guard, with the reason.
    http: { maxHeaderSize: HEADER_BYTES_MAX, requireHostHeader: false },
    frameworkErrors: answerError,
    clientErrorHandler: answerUnreadable,
    // Imports are streams that last as long as they last.
    requestTimeout: 0,
    ...(logger === undefined ? {} : { loggerInstance: logger }),
  });
  const work = new WorkInHand();
  // Before the sockets close, so that work can still answer what it has stored.
  fastify.addHook("preClose", () => work.stopAll());
  readJson(fastify);
  answerErrors(fastify);
  fastify.addHook("onRequest", async (request, reply) => {
    reply.header("x-content-type-options", "nosniff");
    guardSource(request);
    if (!READING.includes(request.method)) guardToken(request, token);
  });
  fastify.get("/healthz", () => ({ ok: true, pid, instance: instance.identity.instance }));
  const prefix = "/api/v1";
  fastify.register(
    async (api) => {
      addStatusRoute(api, instance);
      addChangesRoute(api, instance);
      addConflictRoutes(api, instance);
      addPolicyRoutes(api, instance);
      addLinkRoutes(api, instance);
      addQuarantineRoutes(api, instance);
      addRunRoutes(api, instance);
      addSettingsRoutes(api, instance);
      addSyncsRoute(api, instance, work);
      addWatchesRoute(api, instance, work);
      addWorkRoute(api, work);
    },
    { prefix },
  );
  fastify.register(
    async (api) => {
      readLines(api);
      addImportsRoute(api, instance, work);
      addRevisionsRoute(api, instance, work);
    },
    { prefix },
  );
  return fastify;
}

/** Bodies are JSON, which goes through the strict parser. */
function readJson(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    "application/json",
    { parseAs: "buffer" },
    async (_request: unknown, body: Buffer) =>
      body.length === 0 ? undefined : parseJson(body, { bytesMax: CHANGESET_BYTES_MAX }),
  );
}

/** Bodies are lines, and stay a stream. */
function readLines(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  const stream = async (_request: unknown, payload: unknown): Promise<unknown> => payload;
  fastify.addContentTypeParser(EVENTS_TYPE, stream);
}
