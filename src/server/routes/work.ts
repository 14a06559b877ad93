import type { FastifyInstance } from "fastify";
import type { WorkInHand } from "../work.ts";

/** `DELETE /api/v1/work/{name}`: stops an import or sync whose request carried that name. */
export function addWorkRoute(app: FastifyInstance, work: WorkInHand): void {
  app.delete<{ Params: { name: string } }>("/work/:name", async (request, reply) => {
    work.stop(request.params.name);
    return reply.code(202).send();
  });
}
