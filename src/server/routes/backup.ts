import { isAbsolute } from "node:path";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Instance } from "../../instance/instance.ts";
import { checked } from "../body.ts";

/** A relative path would mean the server's folder, not the one where the person stands. */
const body = z.strictObject({ folder: z.string().refine(isAbsolute, "not an absolute path") });

/** `POST /api/v1/backup`: copies the instance into a new folder on the server's machine. */
export function addBackupRoute(app: FastifyInstance, instance: Instance): void {
  app.post("/backup", async (request) => {
    const { folder } = checked(body, request.body);
    await instance.backup(folder);
    return { folder };
  });
}
