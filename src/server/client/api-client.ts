import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { SynclineError } from "../../base/errors.ts";
import { isJsonObject, type Json } from "../../base/json.ts";
import { ANSWER_MS_MAX, HANDSHAKE_MS_MAX, PEER_SILENT_MS_MAX } from "../../base/limits.ts";
import { randomId } from "../../base/new-ids.ts";
import { systemRandom } from "../../base/ports/random.ts";
import { systemTimers, type Timers } from "../../base/ports/timers.ts";
import { followEvents } from "../events.ts";
import { errorOfProblem } from "../problem.ts";
import { WORK_HEADER } from "../work.ts";

export interface WorkRequest {
  readonly method: "POST";
  readonly path: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly type: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Json) => void) | undefined;
}

/**
 * Speaks to the server that serves a folder on this machine, with the token of its serve file. A
 * server that is there and says nothing (stopped, or held up for long) is given up: `TIMEOUT`.
 */
export class ApiClient {
  readonly #url: string;
  readonly #token: string;
  readonly #timers: Timers;

  constructor(url: string, token: string, timers: Timers = systemTimers) {
    this.#url = url;
    this.#token = token;
    this.#timers = timers;
  }

  /** One request with a JSON body and answer. Throws the SynclineError that the server answers. */
  async call(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: Json,
    msMax: number = ANSWER_MS_MAX,
  ): Promise<Json> {
    const sent = this.#open(method, path, "application/json");
    const cut = cutter(sent);
    const answered = this.#timers.after(msMax, () => cut.now(this.#silent(msMax)));
    try {
      sent.end(body === undefined ? undefined : JSON.stringify(body));
      return await contentOf(await answerTo(sent));
    } catch (error) {
      throw cut.cause ?? asDisconnected(error);
    } finally {
      answered();
    }
  }

  /**
   * The process that answers, null for one that is not Syncline. Throws `CONNECT_FAILED` when
   * nobody is there, `TIMEOUT` when it says nothing, and `NOT_A_PEER`.
   */
  async pid(withinMs: number): Promise<Json> {
    const health = await this.call("GET", "/healthz", undefined, withinMs);
    return isJsonObject(health) ? (health.pid ?? null) : null;
  }

  /**
   * Work with a streamed body, followed by its events while both go on. It may take any time, as
   * long as the server goes on saying something.
   */
  async work({ method, path, body, type, signal, onProgress }: WorkRequest): Promise<Json> {
    if (signal?.aborted) throw interrupted();
    const id = randomId(systemRandom);
    const sent = this.#open(method, path, type, { [WORK_HEADER]: id });
    const cut = cutter(sent);
    // Asked to stop, the server still answers what it has stored; if it cannot hear, it is cut off.
    const stop = (): void => {
      const path = `/api/v1/work/${id}`;
      this.call("DELETE", path, undefined, HANDSHAKE_MS_MAX).catch(() => cut.now(interrupted()));
    };
    signal?.addEventListener("abort", stop, { once: true });
    let gone = (): void => {};
    const heard = (): void => {
      gone();
      gone = this.#timers.after(PEER_SILENT_MS_MAX, () =>
        cut.now(this.#silent(PEER_SILENT_MS_MAX)),
      );
    };
    heard();
    // The input may fail (a file that ends early) as well as the connection; the first cause wins.
    send(body, sent).catch((error) => cut.now(error));
    try {
      const answer = await answerTo(sent);
      if (!isGood(answer)) throw failureOf(answer, await text(answer));
      return await followEvents(linesOf(answer, heard), onProgress ?? (() => {}));
    } catch (error) {
      throw cut.cause ?? asDisconnected(error);
    } finally {
      gone();
      signal?.removeEventListener("abort", stop);
      sent.destroy();
    }
  }

  #open(method: string, path: string, type: string, headers: object = {}): ClientRequest {
    return request(new URL(path, this.#url), {
      method,
      agent: false,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": type, ...headers },
    });
  }

  #silent(msMax: number): SynclineError {
    const message = `the server is there but has said nothing for ${msMax / 1000} s`;
    return new SynclineError("TIMEOUT", message, {
      where: this.#url,
      hint: "it is stopped or overloaded; what it stored stays: look first, then try again",
      retriable: true,
    });
  }
}

/** Ends a request from this side. The first cause counts, whatever the socket says afterwards. */
function cutter(sent: ClientRequest): { readonly cause: Error | undefined; now(why: Error): void } {
  let cause: Error | undefined;
  return {
    get cause() {
      return cause;
    },
    now(why) {
      cause ??= why;
      sent.destroy(why);
    },
  };
}

/** Not by readline, which never ends when its input is cut. */
async function* linesOf(answer: IncomingMessage, heard: () => void): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of answer.setEncoding("utf8")) {
    heard();
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** Sends the body no faster than the server takes it; ends quietly when the request has ended. */
async function send(body: AsyncIterable<Uint8Array>, sent: ClientRequest): Promise<void> {
  for await (const chunk of body) {
    if (sent.destroyed) return;
    if (!sent.write(chunk)) await roomIn(sent);
  }
  sent.end();
}

function roomIn(sent: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const goOn = (): void => {
      sent.off("drain", goOn).off("close", goOn);
      resolve();
    };
    sent.once("drain", goOn).once("close", goOn);
  });
}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once("response", resolve);
    sent.on("error", (cause) => reject(asConnectFailed(cause)));
  });
}

/** What a server answers that is ours. */
async function contentOf(answer: IncomingMessage): Promise<Json> {
  const content = await text(answer);
  if (!isGood(answer)) throw failureOf(answer, content);
  if (content === "") return null;
  try {
    return JSON.parse(content) as Json;
  } catch {
    throw unexpected(answer);
  }
}

function isGood(answer: IncomingMessage): boolean {
  const status = answer.statusCode ?? 0;
  return status >= 200 && status < 300;
}

function failureOf(answer: IncomingMessage, content: string): SynclineError {
  try {
    const error = errorOfProblem(JSON.parse(content));
    if (error !== undefined) return error;
  } catch {
    // Not JSON, so it is not our server that answers.
  }
  return unexpected(answer);
}

function unexpected({ statusCode }: IncomingMessage): SynclineError {
  return new SynclineError("NOT_A_PEER", `unexpected answer with status ${statusCode}`);
}

function asConnectFailed(cause: Error): Error {
  if (cause instanceof SynclineError) return cause;
  return new SynclineError("CONNECT_FAILED", `the server cannot be reached: ${cause.message}`, {
    retriable: true,
    cause,
  });
}

function asDisconnected(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code !== "ECONNRESET" && code !== "ERR_STREAM_PREMATURE_CLOSE") return error;
  return new SynclineError("DISCONNECTED", "the server ended before the work was done", {
    hint: "run the command again: what is stored stays, the rest follows",
    retriable: true,
    cause: error,
  });
}

function interrupted(): SynclineError {
  return new SynclineError("INTERRUPTED", "stopped before the end", {
    hint: "run the command again: what is stored stays, the rest follows",
  });
}
