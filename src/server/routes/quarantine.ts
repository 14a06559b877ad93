import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { QUARANTINE_RECORDS_MAX } from "../../base/limits.ts";
import type { Instance } from "../../instance/instance.ts";
import { checked } from "../body.ts";

const keys = z.array(z.string().min(1).max(100)).min(1).max(QUARANTINE_RECORDS_MAX);
const which = z.union([z.strictObject({ keys }), z.strictObject({ all: z.literal(true) })]);

/**
 * `GET /api/v1/quarantine` and `…/{key}`: what was refused; `POST …/retry` and `…/drop` take
 * `{"keys": […]}` or `{"all": true}`.
 */
export function addQuarantineRoutes(app: FastifyInstance, instance: Instance): void {
  app.get("/quarantine", async () => {
    const { items, unkept } = await instance.quarantine();
    return { items, next: null, unkept };
  });
  app.get<{ Params: { key: string } }>("/quarantine/:key", (request) =>
    instance.quarantined(request.params.key),
  );
  app.post("/quarantine/retry", (request) => instance.retryQuarantined(wanted(request.body)));
  app.post("/quarantine/drop", async (request) => {
    return { dropped: await instance.dropQuarantined(wanted(request.body)) };
  });
}

function wanted(body: unknown): readonly string[] | "all" {
  const given = checked(which, body);
  return "all" in given ? "all" : given.keys;
}
