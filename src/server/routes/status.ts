import type { FastifyInstance } from "fastify";
import type { Instance } from "../../instance/instance.ts";

/** `GET /api/v1/status`: what `status --json` prints. */
export function addStatusRoute(app: FastifyInstance, instance: Instance): void {
  app.get("/status", () => instance.status());
}
