import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { FILE_CHARS_MAX, TYPE_CHARS_MAX } from "../../base/limits.ts";
import type { ImportOptions, Instance } from "../../instance/instance.ts";
import { attribution, bodyLines, checked, given } from "../body.ts";
import type { WorkInHand } from "../work.ts";

const flag = z.enum(["true", "false"]).optional();

const query = z.strictObject({
  ...attribution,
  file: z.string().max(FILE_CHARS_MAX).optional(),
  strict: flag,
  complete: flag,
  acceptRemovals: flag,
  maxRemovals: z.string().max(20).optional(),
  type: z.string().min(1).max(TYPE_CHARS_MAX).optional(),
});

/** `POST /api/v1/imports`: JSON lines in, events out; both are streams and go on at once. */
export function addImportsRoute(app: FastifyInstance, instance: Instance, work: WorkInHand): void {
  app.post("/imports", (request, reply) => {
    const options = importOptions(checked(query, request.query));
    const lines = bodyLines(request.body);
    return work.run(reply, ({ signal, progress }) =>
      instance.import(lines, { ...options, signal, onProgress: progress }),
    );
  });
}

function importOptions({
  strict,
  complete,
  acceptRemovals,
  ...rest
}: z.infer<typeof query>): ImportOptions {
  return {
    ...given(rest),
    strict: strict === "true",
    ...(complete === "true" ? { complete: true } : {}),
    ...(acceptRemovals === "true" ? { acceptRemovals: true } : {}),
  };
}
