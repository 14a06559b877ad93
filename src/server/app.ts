import { pid } from "node:process";
import Fastify, { type FastifyBaseLogger, type FastifyError, type FastifyInstance } from "fastify";
import { asSynclineError, SynclineError } from "../base/errors.ts";
import { parseJson } from "../base/ingress/parse-json.ts";
import { CHANGESET_BYTES_MAX } from "../base/limits.ts";
import type { Instance } from "../instance/instance.ts";
import { EVENTS_TYPE } from "./events.ts";
import { guardSource, guardToken } from "./guard.ts";
import { PROBLEM_TYPE, problemOf } from "./problem.ts";
import { addBackupRoute } from "./routes/backup.ts";
import { addChangesRoute } from "./routes/changes.ts";
import { addConflictRoutes } from "./routes/conflicts.ts";
import { addImportsRoute } from "./routes/imports.ts";
import { addLinkRoutes } from "./routes/links.ts";
import { addPolicyRoutes } from "./routes/policy.ts";
import { addRevisionsRoute } from "./routes/revisions.ts";
import { addStatusRoute } from "./routes/status.ts";
import { addSyncsRoute } from "./routes/syncs.ts";
import { addWorkRoute } from "./routes/work.ts";
import { WorkInHand } from "./work.ts";

export interface AppOptions {
  readonly instance: Instance;
  /** What write requests must carry; made anew at every start. */
  readonly token: string;
  readonly logger: FastifyBaseLogger | undefined;
}

/** Room for a long message in the query of an import. */
const HEADER_BYTES_MAX = 64 * 1024;
const READING: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/** The HTTP application, not yet listening. */
export function buildApp({ instance, token, logger }: AppOptions): FastifyInstance {
  const fastify = Fastify({
    bodyLimit: CHANGESET_BYTES_MAX,
    forceCloseConnections: true,
    http: { maxHeaderSize: HEADER_BYTES_MAX },
    // Imports are streams that last as long as they last.
    requestTimeout: 0,
    ...(logger === undefined ? {} : { loggerInstance: logger }),
  });
  const work = new WorkInHand();
  // Before the sockets close, so that work can still answer what it has stored.
  fastify.addHook("preClose", () => work.stopAll());
  readBodies(fastify);
  answerErrors(fastify);
  fastify.addHook("onRequest", async (request, reply) => {
    reply.header("x-content-type-options", "nosniff");
    guardSource(request);
    if (!READING.includes(request.method)) guardToken(request, token);
  });
  fastify.get("/healthz", () => ({ ok: true, pid, instance: instance.identity.instance }));
  fastify.register(
    async (api) => {
      addStatusRoute(api, instance);
      addChangesRoute(api, instance);
      addConflictRoutes(api, instance);
      addPolicyRoutes(api, instance);
      addImportsRoute(api, instance, work);
      addRevisionsRoute(api, instance, work);
      addLinkRoutes(api, instance);
      addSyncsRoute(api, instance, work);
      addBackupRoute(api, instance);
      addWorkRoute(api, work);
    },
    { prefix: "/api/v1" },
  );
  return fastify;
}

/** JSON goes through the strict parser; lines stay a stream. */
function readBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<Buffer>(
    "application/json",
    { parseAs: "buffer" },
    async (_request: unknown, body: Buffer) =>
      body.length === 0 ? undefined : parseJson(body, { bytesMax: CHANGESET_BYTES_MAX }),
  );
  const stream = async (_request: unknown, payload: unknown): Promise<unknown> => payload;
  fastify.addContentTypeParser(EVENTS_TYPE, stream);
}

/** Every failure is a problem document. */
function answerErrors(fastify: FastifyInstance): void {
  fastify.setNotFoundHandler((request, reply) => {
    const error = new SynclineError("USAGE", `there is no ${request.method} ${request.url}`);
    return reply.code(404).type(PROBLEM_TYPE).send(problemOf(error, 404));
  });
  fastify.setErrorHandler((thrown: FastifyError, request, reply) => {
    const status = thrown.code?.startsWith("FST_") ? thrown.statusCode : undefined;
    const error =
      status === undefined ? asSynclineError(thrown) : new SynclineError("USAGE", thrown.message);
    const problem = problemOf(error, status);
    if (problem.status >= 500) request.log.error(thrown);
    return reply.code(problem.status).type(PROBLEM_TYPE).send(problem);
  });
}
