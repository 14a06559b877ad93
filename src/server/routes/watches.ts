import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Instance } from "../../instance/instance.ts";
import { checked } from "../body.ts";
import type { WorkInHand } from "../work.ts";

const body = z.strictObject({ link: z.string().nullable() });

/**
 * `POST /api/v1/watches`: keeps a link live, or all with null, until the client ends it or goes away;
 * answers with an event for each thing that happens.
 */
export function addWatchesRoute(app: FastifyInstance, instance: Instance, work: WorkInHand): void {
  app.post("/watches", (request, reply) => {
    const { link } = checked(body, request.body);
    return work.run(reply, async ({ signal, tell }) => {
      await instance.watch(link ?? undefined, { signal, onEvent: tell });
      return null;
    });
  });
}
