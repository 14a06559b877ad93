import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { SynclineError } from "../../base/errors.ts";
import { isUuid, type RevisionId } from "../../base/ids.ts";
import { PAGE_ITEMS_MAX, POINTER_CHARS_MAX, TYPE_CHARS_MAX } from "../../base/limits.ts";
import type { ConflictChoice } from "../../instance/conflicts/decisions.ts";
import type { Instance } from "../../instance/instance.ts";
import { anyJson, attributionOptional, checked, given } from "../body.ts";

const which = {
  type: z.string().min(1).max(TYPE_CHARS_MAX).optional(),
  object: z.string().min(1).max(300).optional(),
  path: z.string().max(POINTER_CHARS_MAX).optional(),
};

const query = z.strictObject({
  ...which,
  status: z.enum(["open", "resolved", "superseded"]).optional(),
  after: z.string().max(36).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_ITEMS_MAX).optional(),
});

const many = z.strictObject({ ...attributionOptional, ...which, take: z.string().min(1).max(100) });

const one = z.strictObject({
  ...attributionOptional,
  ifRevision: z.custom<RevisionId>(isUuid, "not a UUID").optional(),
  keep: z.literal(true).optional(),
  pick: z.string().max(36).optional(),
  value: anyJson.optional(),
  absent: z.literal(true).optional(),
});

/** What one request may choose: exactly one of these. */
const CHOICES = ["keep", "pick", "value", "absent"] as const;

/**
 * `GET /api/v1/conflicts` and `…/{id}`: what `conflicts list --json` shows of them;
 * `POST …/{id}/resolve` decides one, `POST /api/v1/conflicts/resolve` many.
 */
export function addConflictRoutes(app: FastifyInstance, instance: Instance): void {
  app.get("/conflicts", (request) =>
    instance.conflicts(given(checked(query, request.query, "the query"))),
  );
  app.get<{ Params: { id: string } }>("/conflicts/:id", (request) =>
    instance.conflict(request.params.id),
  );
  app.post<{ Params: { id: string } }>("/conflicts/:id/resolve", (request) => {
    const { author, message, ifRevision, ...choice } = checked(one, request.body);
    const by = given({ author, message, ifRevision });
    return instance.resolveConflict(request.params.id, choiceOf(choice), by);
  });
  app.post("/conflicts/resolve", (request) => {
    const { author, message, ...rule } = checked(many, request.body);
    return instance.resolveConflicts(given(rule), given({ author, message }));
  });
}

function choiceOf(choice: Partial<Record<(typeof CHOICES)[number], unknown>>): ConflictChoice {
  const chosen = given(choice);
  if (Object.keys(chosen).length === 1) return chosen as ConflictChoice;
  throw new SynclineError("USAGE", `a decision is exactly one of ${CHOICES.join(", ")}`, {
    hint: 'for example {"author": "ann", "pick": "REVISION"}',
  });
}
