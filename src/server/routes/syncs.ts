import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Instance } from "../../instance/instance.ts";
import { linkNamed } from "../../instance/links.ts";
import { checked, given } from "../body.ts";
import type { WorkInHand } from "../work.ts";

const body = z.strictObject({
  link: z.string(),
  acceptRemovals: z.boolean().optional(),
  types: z.array(z.string()).min(1).optional(),
  dryRun: z.boolean().optional(),
});

/**
 * `POST /api/v1/syncs`: runs one link, or with `dryRun` says what that would do; answers with
 * progress events, then the run.
 */
export function addSyncsRoute(app: FastifyInstance, instance: Instance, work: WorkInHand): void {
  app.post("/syncs", async (request, reply) => {
    const { link, dryRun, ...options } = given(checked(body, request.body));
    // What cannot begin is answered as such, not with a stream that began well.
    linkNamed(await instance.links(), link);
    return work.run(reply, ({ signal, progress }) => {
      const how = { ...options, signal, onProgress: progress };
      return dryRun === true ? instance.rehearse(link, how) : instance.sync(link, how);
    });
  });
}
