import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ROLES } from "../../catalog/index.ts";
import type { Instance } from "../../instance/instance.ts";
import { checked } from "../body.ts";

const settings = z.strictObject({
  defaultRole: z.enum(ROLES, `expected one of ${ROLES.join(", ")}`),
});

/** `GET /api/v1/settings`: what the instance decides for itself; `PUT` sets it. */
export function addSettingsRoutes(app: FastifyInstance, instance: Instance): void {
  app.get("/settings", async () => ({ defaultRole: await instance.defaultRole() }));
  app.put("/settings", async (request) => {
    const { defaultRole } = checked(settings, request.body);
    await instance.setDefaultRole(defaultRole);
    return { defaultRole };
  });
}
