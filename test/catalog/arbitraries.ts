/** Random packages in CKAN's form, small but with every trait that conversion has to cope with. */
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/base/json.ts";

const ids = ["a", "b", "c", "d", "e", "f"].map(
  (digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`,
);
const text = fc.oneof(fc.constantFrom("", "water", "水", "a\u2028b"), fc.string({ maxLength: 6 }));
const scalar = fc.oneof(
  text,
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const key = fc.constantFrom("a", "b", "c", "~/", "キー");
const { any } = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(key, tie("any"), { maxKeys: 3 }) as fc.Arbitrary<Json>,
  ),
}));

const names = fc.constantFrom("water", "Water", "roads", "犬", "a tag, odd!");
const optionalId = fc.constantFrom(...ids, undefined);
const named: fc.Arbitrary<JsonObject> = names.map((name) => ({ name, display_name: name }));

function withId(object: JsonObject, id: string | undefined): JsonObject {
  return id === undefined ? object : { ...object, id };
}

const tag: fc.Arbitrary<JsonObject> = fc
  .tuple(named, optionalId, fc.constantFrom(undefined, null, ids[5] as string))
  .map(([one, id, vocabulary_id]) =>
    withId(vocabulary_id === undefined ? one : { ...one, vocabulary_id }, id),
  );

const resource: fc.Arbitrary<JsonObject> = fc.record(
  {
    name: text,
    url: scalar,
    format: fc.constantFrom("CSV", ""),
    more: any,
    created: text,
    size: scalar,
  },
  { requiredKeys: ["name"] },
) as fc.Arbitrary<JsonObject>;

const resources: fc.Arbitrary<JsonObject[]> = fc
  .tuple(fc.array(resource, { maxLength: 5 }), fc.shuffledSubarray(ids, { minLength: 5 }))
  .map(([list, own]) =>
    list.map((one, index) => withId(one, index % 3 === 2 ? undefined : own[index])),
  );

const extras = fc
  .dictionary(key, any, { maxKeys: 4 })
  .map((map) => Object.entries(map).map(([name, value]) => ({ key: name, value })));

const relationships = fc.uniqueArray(
  fc.record({
    subject: fc.constantFrom(...ids),
    object: fc.constantFrom(...ids),
    type: text,
    comment: text,
  }),
  { maxLength: 2, selector: ({ subject, object, type }) => `${subject} ${object} ${type}` },
);

/** A package with a UUID of its own, so that a second form can be given for the same object. */
export const packageForm: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      name: names,
      title: scalar,
      notes: text,
      site_added: any,
      metadata_modified: text,
      metadata_created: text,
      state: fc.constantFrom("active", "draft"),
      owner_org: fc.constantFrom(null, ids[0] as string, "harbor"),
      organization: fc.constant({ name: "harbor", title: "Harbor" }),
      tags: fc.array(tag, { maxLength: 4 }),
      groups: fc
        .array(fc.tuple(named, optionalId), { maxLength: 3 })
        .map((list) => list.map(([group, id]) => withId(group, id))),
      extras,
      resources,
      relationships_as_subject: relationships,
    },
    { requiredKeys: ["name"] },
  )
  .map((form) => ({ ...form, id: "12121212-0000-4000-8000-000000000000" }) as JsonObject);
