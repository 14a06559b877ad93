import { z } from "zod";
import { scenario } from "./scenario.ts";

/** The JSON Schema of scenario files, for editors and other programs. */
export function scenarioSchema(): object {
  return {
    title: "Syncline scenario",
    ...z.toJSONSchema(scenario, { target: "draft-2020-12", reused: "inline" }),
  };
}
