import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../base/error-codes.ts";
import { asSynclineError, SynclineError } from "../base/errors.ts";
import { EVENTS_TYPE } from "./events.ts";
import { PROBLEM_TYPE, problemOf } from "./problem.ts";

const URL_CHARS_SHOWN = 200;

/** Every failure of a request that has a route, or none, is a problem document. */
export function answerErrors(fastify: FastifyInstance): void {
  fastify.setNotFoundHandler((request, reply) => {
    const path = request.url.slice(0, URL_CHARS_SHOWN);
    const error = new SynclineError("USAGE", `there is no ${request.method} ${path}`);
    return reply.code(404).type(PROBLEM_TYPE).send(problemOf(error, 404));
  });
  fastify.setErrorHandler(answerError);
}

/** So is the failure of one that Fastify cannot place at all, such as a malformed path. */
export function answerError(
  thrown: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = thrown.code?.startsWith("FST_") ? thrown.statusCode : undefined;
  const error = status === undefined ? asSynclineError(thrown) : requestError(thrown, status);
  const problem = problemOf(error, status);
  if (problem.status >= 500) request.log.error(thrown);
  return reply.code(problem.status).type(PROBLEM_TYPE).send(problem);
}

function requestError({ message }: FastifyError, status: number): SynclineError {
  if (status === 413) return new SynclineError("INPUT_TOO_LARGE", message);
  if (status !== 415) return new SynclineError("USAGE", message);
  return new SynclineError("USAGE", "the body is of another type than this request takes", {
    where: "Content-Type",
    hint: `send application/json, or ${EVENTS_TYPE} where the body is lines`,
  });
}

const UNREADABLE: Readonly<Record<string, readonly [number, ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    "INPUT_TOO_LARGE",
    "the address and headers are larger than the limit",
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "TIMEOUT", "the request did not come to its end in time"],
};

/** And what is no HTTP request, which the socket itself has to answer. */
export function answerUnreadable(error: Error & { readonly code: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const unreadable = [400, "USAGE", "this is no HTTP request"] as const;
  const [status, code, message] = UNREADABLE[error.code] ?? unreadable;
  const body = JSON.stringify(problemOf(new SynclineError(code, message), status));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
