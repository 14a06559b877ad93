import { isAbsolute } from "node:path";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Instance } from "../../instance/instance.ts";
import { checked } from "../body.ts";

/** A relative path would mean the server's folder, not the one where the person stands. */
const body = z.strictObject({ file: z.string().refine(isAbsolute, "not an absolute path") });

/** `POST /api/v1/backup`: copies the instance into a new file on the server's machine. */
export function addBackupRoute(app: FastifyInstance, instance: Instance): void {
  app.post("/backup", async (request) => {
    const { file } = checked(body, request.body);
    await instance.backup(file);
    return { file };
  });
}
