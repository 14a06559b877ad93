import type { FastifyInstance } from "fastify";
import type { Instance } from "../../instance/instance.ts";
import { bodyLines } from "../body.ts";
import type { WorkInHand } from "../work.ts";

/** `POST /api/v1/revisions`: records as `revisions export` prints them; answers with events. */
export function addRevisionsRoute(
  app: FastifyInstance,
  instance: Instance,
  work: WorkInHand,
): void {
  app.post("/revisions", (request, reply) => {
    const lines = bodyLines(request.body);
    return work.run(reply, async () => {
      const outcome = await instance.importRevisions(lines);
      const { lsn, chain } = outcome.head;
      return { ...outcome, head: { lsn, chain: Buffer.from(chain).toString("hex") } };
    });
  });
}
