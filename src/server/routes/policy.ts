import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { Instance } from "../../instance/instance.ts";
import type { PolicyInForce } from "../../log/reader.ts";
import { anyObject, attributionOptional, checked, given } from "../body.ts";

const change = z.strictObject({ ...attributionOptional, policy: anyObject });
const adoption = z.strictObject({ ...attributionOptional, peer: z.string().min(1).max(100) });

/**
 * `GET /api/v1/policy`: the policy in force, its hash as `ETag`; `PUT` changes it, and
 * `POST /api/v1/policy/adopt` takes the one that a peer offered. All answer what is in force then.
 */
export function addPolicyRoutes(app: FastifyInstance, instance: Instance): void {
  app.get("/policy", async (_request, reply) => send(reply, await instance.policy()));
  app.put("/policy", async (request, reply) => {
    const { policy, ...by } = checked(change, request.body);
    return send(reply, await instance.setPolicy(policy, given(by)));
  });
  app.post("/policy/adopt", async (request, reply) => {
    const { peer, ...by } = checked(adoption, request.body);
    return send(reply, await instance.adoptPolicy(peer, given(by)));
  });
}

function send(reply: FastifyReply, { policy, hash }: PolicyInForce): FastifyReply {
  return reply.header("etag", `"${hash}"`).send(policy);
}
