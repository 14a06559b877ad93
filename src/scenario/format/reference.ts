import { scenarioSchema } from "./json-schema.ts";

/** A JSON Schema, as far as the reference looks at it. */
interface Schema {
  readonly $ref?: string;
  /** What the reference calls the type. */
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** The keys of scenario files as Markdown, from the schema that checks them. */
export function scenarioReference(): string {
  const root = scenarioSchema() as Schema;
  const defs = root.$defs ?? {};
  const forms = (name: string): string => formLines(defs[name]?.anyOf ?? [], defs).join("\n");
  return [
    "### The file\n",
    keyLines(root, defs).join("\n"),
    "\n### Settings of an instance\n",
    keyLines(defs.settings ?? {}, defs).join("\n"),
    "\n### Links\n",
    keyLines(defs.link ?? {}, defs).join("\n"),
    "\n### Steps of the timeline\n",
    forms("step"),
    "\n### Actions\n",
    "Each names the instance it is done `on`; changes may say `by` whom, with which `message`, the label `as` of\ntheir revision, and the `error` they `expect`.\n",
    forms("action"),
    "\n### Edits of a changeset\n",
    forms("part"),
    "\n### Faults\n",
    forms("fault"),
    "\n### Checks\n",
    keyLines(defs.checks ?? {}, defs).join("\n"),
    "",
  ].join("\n");
}

const COMMON: ReadonlySet<string> = new Set(["on", "by", "message", "as", "expect"]);

/** One line for each of several forms: its keys, those that may be left out with a question mark. */
function formLines(
  forms: readonly Schema[],
  defs: NonNullable<Schema["$defs"]>,
): readonly string[] {
  return forms.map((form) => {
    const keys = Object.entries(form.properties ?? {});
    const own = keys.filter(([key]) => !COMMON.has(key) || !("on" in (form.properties ?? {})));
    const told = own.map(([key, schema]) => {
      const isOptional = form.required?.includes(key) !== true;
      return `\`${key}${isOptional ? "?" : ""}: ${typeOf(schema, defs)}\``;
    });
    return `- ${told.join(", ")}`;
  });
}

function keyLines({ properties = {}, required = [] }: Schema, defs: NonNullable<Schema["$defs"]>) {
  return Object.entries(properties).map(([key, schema]) => {
    const description = schema.title === undefined ? (schema.description ?? "") : "";
    const type = typeOf(schema, defs);
    const name = `\`${key}${required.includes(key) ? "" : "?"}: ${type}\``;
    return description === "" ? `- ${name}` : `- ${name} — ${description}`;
  });
}

function typeOf(schema: Schema, defs: NonNullable<Schema["$defs"]>): string {
  const { $ref, anyOf, items, prefixItems, properties, additionalProperties } = schema;
  if ($ref !== undefined) {
    const name = $ref.replace("#/$defs/", "");
    return name.startsWith("__") ? "JSON" : name;
  }
  if (schema.title !== undefined) return schema.title;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => `${one}`).join(" | ");
  if (prefixItems !== undefined)
    return `[${prefixItems.map((one) => typeOf(one, defs)).join(", ")}]`;
  if (items !== undefined) return `[${typeOf(items, defs)}, …]`;
  if (anyOf !== undefined) {
    const types = [...new Set(anyOf.map((one) => typeOf(one, defs)))];
    return types.length > 4 ? "JSON" : types.join(" | ");
  }
  if (properties !== undefined) {
    return `{ ${Object.entries(properties)
      .map(([key, one]) => `${key}: ${typeOf(one, defs)}`)
      .join(", ")} }`;
  }
  if (typeof additionalProperties === "object")
    return `{ …: ${typeOf(additionalProperties, defs)} }`;
  return [schema.type ?? "JSON"].flat().join(" | ");
}
