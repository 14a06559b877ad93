import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { SynclineError } from "../../base/errors.ts";
import type { Json } from "../../base/json.ts";
import { randomId } from "../../base/new-ids.ts";
import { systemRandom } from "../../base/ports/random.ts";
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

/** Speaks to the server that serves a folder on this machine, with the token of its serve file. */
export class ApiClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** One request with a JSON body and answer. Throws the SynclineError that the server answers. */
  async call(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: Json): Promise<Json> {
    const sent = this.#open(method, path, "application/json");
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    const answer = await answerTo(sent);
    const content = await text(answer);
    if (!isGood(answer)) throw failureOf(answer, content);
    return content === "" ? null : (JSON.parse(content) as Json);
  }

  /** Work with a streamed body, followed by its events while both go on. */
  async work({ method, path, body, type, signal, onProgress }: WorkRequest): Promise<Json> {
    if (signal?.aborted) throw interrupted();
    const id = randomId(systemRandom);
    const sent = this.#open(method, path, type, { [WORK_HEADER]: id });
    // Asked to stop, the server still answers what it has stored; if it cannot hear, it is cut off.
    const stop = (): void => {
      this.call("DELETE", `/api/v1/work/${id}`).catch(() => sent.destroy(interrupted()));
    };
    signal?.addEventListener("abort", stop, { once: true });
    // The input may fail (a file that ends early) as well as the connection; the first cause wins.
    let inputFault: unknown;
    send(body, sent).catch((error) => {
      inputFault = error;
      sent.destroy(error);
    });
    try {
      const answer = await answerTo(sent);
      if (!isGood(answer)) throw failureOf(answer, await text(answer));
      return await followEvents(linesOf(answer), onProgress ?? (() => {}));
    } catch (error) {
      throw inputFault ?? asDisconnected(error);
    } finally {
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
}

/** Not by readline, which never ends when its input is cut. */
async function* linesOf(answer: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of answer.setEncoding("utf8")) {
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
  return new SynclineError("NOT_A_PEER", `unexpected answer with status ${answer.statusCode}`);
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
