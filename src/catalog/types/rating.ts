import { z } from "zod";
import { namedId, type ObjectId } from "../../base/ids.ts";
import { invalid } from "../invalid.ts";
import type { TypeDefinition } from "../type-definition.ts";
import { idSchema } from "./authored-parts.ts";
import { defineType } from "./define.ts";
import { type End, endOf, storeFields } from "./ends.ts";
import { stateSchema } from "./parts.ts";

/** The scale of CKAN's ratings. */
export const RATING_MIN = 1;
export const RATING_MAX = 5;

const USER: End = { fields: ["user", "user_id"], type: "user" };
const PACKAGE: End = { fields: ["package", "package_id"], type: "package" };

const ON_SCALE = `expected a number from ${RATING_MIN} to ${RATING_MAX}`;

/** True for a value on the scale; CKAN's column holds fractions too. */
export function isRating(value: unknown): value is number {
  return typeof value === "number" && value >= RATING_MIN && value <= RATING_MAX;
}

/**
 * A rating: how a user likes a package. There is one for a user and package, whose id follows from
 * the two, so that two instances where the same user rates the same package agree on it. CKAN's own
 * id of the row is local and ignored; a rating without a user (CKAN kept an address instead) is
 * nobody's and is refused.
 */
export const ratingType: TypeDefinition = defineType({
  name: "rating",
  schema: z.looseObject({
    user: z.string().optional(),
    package: z.string().optional(),
    rating: z.custom((value) => value === undefined || isRating(value), ON_SCALE).optional(),
    state: stateSchema,
  }),
  authored: {
    user: idSchema,
    package: idSchema,
    rating: z
      .custom((value) => isRating(value) && Number.isInteger(value), {
        message: `expected a whole number from ${RATING_MIN} to ${RATING_MAX}; write it without quotes`,
      })
      .optional(),
  },
  fixed: { type: "rating" },
  derivesId: true,
  unchanging: ["user", "package"],
  named: [
    { fields: USER.fields, types: () => ["user"] },
    { fields: PACKAGE.fields, types: () => ["package"] },
  ],
  identify(input, where) {
    const user = endOf(input, USER);
    const rated = endOf(input, PACKAGE);
    if (user === undefined || rated === undefined) {
      throw invalid("the rating does not say whose it is", where, 'give "user" and "package"');
    }
    if (input.rating === undefined) {
      throw invalid("the rating rates nothing", where, 'give "rating", a number from 1 to 5');
    }
    return namedId("rating", user, rated) as ObjectId;
  },
  finishStored(content, input) {
    const ends = { user: endOf(input, USER), package: endOf(input, PACKAGE) };
    storeFields(content, ends, ["user_id", "package_id"]);
  },
  finishCkan(output) {
    const { user, package: rated } = output;
    storeFields(output, { user_id: user, package_id: rated }, ["user", "package"]);
  },
  references({ user, package: rated }) {
    return [
      ...(typeof user === "string" ? [{ id: user, type: "user" }] : []),
      ...(typeof rated === "string" ? [{ id: rated, type: "package" }] : []),
    ];
  },
});
