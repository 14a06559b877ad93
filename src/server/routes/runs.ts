import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Instance } from "../../instance/instance.ts";
import { attributionOptional, checked, given } from "../body.ts";

const query = z.strictObject({ link: z.string().max(64).optional() });
const undo = z.strictObject(attributionOptional);

/**
 * `GET /api/v1/runs`: the newest runs, of one link if the query names it; `POST …/{run}/undo`
 * authors the reverse of what one changed here.
 */
export function addRunRoutes(app: FastifyInstance, instance: Instance): void {
  app.get("/runs", async (request) => {
    const { link } = checked(query, request.query, "the query");
    return { items: await instance.runs(link), next: null };
  });
  app.post<{ Params: { run: string } }>("/runs/:run/undo", (request) =>
    instance.undo(request.params.run, given(checked(undo, request.body))),
  );
}
