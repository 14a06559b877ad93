// Proves that no door stores what the door of CKAN's form drops: secrets and volatile fields.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { toCkan, validateContent } from "../../src/catalog/index.ts";
import { SECRET_FIELDS, VOLATILE_FIELDS } from "../../src/catalog/volatile.ts";
import { by, lines, memoryInstance } from "../instance/instances.ts";

const resource = (field: string): JsonObject => ({
  name: "a",
  resources: { "00000000-0000-4000-8000-000000000001": { url: "x", [field]: "x" } },
});

describe("stored content is refused", () => {
  const volatile = Object.entries(VOLATILE_FIELDS).filter(([type]) => type !== "default");
  const cases: [string, string, JsonObject][] = [
    ...volatile.flatMap(([type, fields]) =>
      fields.map((field): [string, string, JsonObject] => {
        return [type, `/${field}`, { name: "a", [field]: "x" }];
      }),
    ),
    ...SECRET_FIELDS.map((field): [string, string, JsonObject] => {
      return ["package", `/spatial/${field}`, { name: "a", spatial: { [field]: "x" } }];
    }),
    ...["package_id", "metadata_modified", "apikey"].map((field): [string, string, JsonObject] => {
      const where = `/resources/00000000-0000-4000-8000-000000000001/${field}`;
      return ["package", where, resource(field)];
    }),
  ];

  test.each(cases)("%s %s", (type, where, content) => {
    expect(() => validateContent(type, content)).toThrow(
      expect.objectContaining({ code: "INVALID_OBJECT", where }),
    );
  });
});

test("the keys of extras are people's own", () => {
  expect(() =>
    validateContent("package", { name: "a", extras: { password: "none" } }),
  ).not.toThrow();
});

test("what an older file holds is not printed", () => {
  const content = { name: "a", apikey: "x", metadata_modified: "x", title: "A" };
  const printed = toCkan("package", "00000000-0000-4000-8000-000000000002", content, {
    content: () => undefined,
  });
  expect(printed).not.toHaveProperty("apikey");
  expect(printed).not.toHaveProperty("metadata_modified");
});

test("patches and records from elsewhere are refused, imports drop", async () => {
  const instance = memoryInstance();
  await instance.import(lines({ name: "a", metadata_modified: "x", password: "x" }), by);
  const { ckan } = await instance.get("package/a");
  expect(Object.keys(ckan)).not.toEqual(expect.arrayContaining(["password"]));
  const patch = [{ op: "add", path: "/password", value: "x" }];
  await expect(instance.patch("package/a", patch, by)).rejects.toMatchObject({
    code: "INVALID_OBJECT",
  });
  expect(JSON.stringify(await instance.get("package/a"))).not.toContain("password");
});
