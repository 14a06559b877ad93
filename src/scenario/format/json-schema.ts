import { z } from "zod";
import { scenario } from "./scenario.ts";

/** The JSON Schema of scenario files, for editors and other programs. */
export function scenarioSchema(): object {
  return {
    title: "Syncline scenario",
    ...z.toJSONSchema(scenario, { target: "draft-2020-12", reused: "inline" }),
  };
}

/** The same as it is printed and published. */
export function schemaText(): string {
  return `${JSON.stringify(scenarioSchema(), null, 2)}\n`;
}
