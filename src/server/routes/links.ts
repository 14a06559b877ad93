import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Instance } from "../../instance/instance.ts";
import type { OrganizationChange } from "../../instance/link-organizations.ts";
import { linkNamed, type NewLink } from "../../instance/links.ts";
import type { LinkChange } from "../../instance/set-link.ts";
import { anyObject, checked } from "../body.ts";

const wish = {
  map: z.array(z.strictObject({ theirs: z.string(), ours: z.string() })).optional(),
  unmapped: z.string().optional(),
};
const change = z.strictObject({ ...wish, unmap: z.array(z.string()).optional() });

const link = z.strictObject({
  name: z.string(),
  url: z.string(),
  direction: z.enum(["pull", "push", "both"]),
  mode: z.string().optional(),
  scope: anyObject.optional(),
  maxRemovals: z.string().optional(),
  tokenFile: z.string().optional(),
  refusesPurges: z.boolean().optional(),
  onLeave: z.enum(["keep", "drop"]).optional(),
  organizations: z.strictObject(wish).optional(),
});

const settings = z.strictObject({
  url: z.string().optional(),
  direction: z.enum(["pull", "push", "both"]).optional(),
  mode: z.string().optional(),
  scope: anyObject.nullable().optional(),
  tokenFile: z.string().optional(),
  refusesPurges: z.boolean().optional(),
  onLeave: z.enum(["keep", "drop"]).optional(),
  maxRemovals: z.string().max(20).optional(),
});

/**
 * `GET /api/v1/links` lists links, `GET /api/v1/links/{name}` shows one with its runs, as the
 * commands do with `--json`; `POST /api/v1/links` adds one, `PATCH /api/v1/links/{name}` sets, `DELETE` takes it away, and
 * `POST /api/v1/links/{name}/organizations` changes its mapping of organizations.
 */
export function addLinkRoutes(app: FastifyInstance, instance: Instance): void {
  app.get("/links", async () => ({ items: await instance.links(), next: null }));
  app.get<{ Params: { name: string } }>("/links/:name", async (request) => {
    const { name } = request.params;
    return { ...linkNamed(await instance.links(), name), runs: await instance.runs(name) };
  });
  app.post("/links", async (request, reply) => {
    // Zod spells absent members as possibly undefined; JSON has no undefined.
    const wanted = checked(link, request.body) as NewLink;
    return reply.code(201).send(await instance.addLink(wanted));
  });
  app.delete<{ Params: { name: string } }>("/links/:name", async (request, reply) => {
    await instance.removeLink(request.params.name);
    return reply.code(204).send();
  });
  app.patch<{ Params: { name: string } }>("/links/:name", (request) => {
    const wanted = checked(settings, request.body) as LinkChange;
    return instance.setLink(request.params.name, wanted);
  });
  app.post<{ Params: { name: string } }>("/links/:name/organizations", (request) => {
    const wanted = checked(change, request.body) as OrganizationChange;
    return instance.mapLink(request.params.name, wanted);
  });
}
