/** The real catalogs that some tests convert. They are not part of the project. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import type { JsonObject } from "../../src/base/json.ts";

const folder = resolve(import.meta.dirname, "../../../shared/data");

/** Undefined when the corpora are there; else why the test is skipped. */
export const corpusMissing: string | undefined = existsSync(folder)
  ? undefined
  : "skipped: the corpora are not in ../shared/data";

/** The objects of a corpus; the lines end at "\n" alone, because notes hold U+2028. */
export function* readCorpus(name: string): Generator<JsonObject> {
  const text = gunzipSync(readFileSync(join(folder, `${name}.jsonl.gz`))).toString("utf8");
  for (const line of text.split("\n")) {
    if (line !== "") yield JSON.parse(line) as JsonObject;
  }
}

/** A response body of a real portal's Action API. */
export function readResponse(name: string): JsonObject {
  const responses = "alphagov-fixtures/ckanfunctionaltests/api/example_responses";
  const body = JSON.parse(readFileSync(join(folder, responses, name), "utf8")) as JsonObject;
  return (body.result ?? body) as JsonObject;
}
