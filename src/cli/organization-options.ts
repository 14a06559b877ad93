import type { Command } from "commander";
import { SynclineError } from "../base/errors.ts";
import type { OrganizationWish } from "../instance/link-organizations.ts";

export interface OrganizationOptions {
  readonly mapOrganization?: readonly string[];
  readonly unmapped?: string;
}

/** The options that say whose packages become whose. */
export function withOrganizations(command: Command): Command {
  return command
    .option(
      "--map-organization <theirs=ours>",
      "give packages of the peer's organization to one here; again for more",
      (pair: string, before: readonly string[] = []) => [...before, pair],
    )
    .option("--unmapped <rule>", "packages of others: create, refuse or default:NAME");
}

/** What the options ask for; undefined when they were not given. */
export function organizationsIn(options: OrganizationOptions): OrganizationWish | undefined {
  const { mapOrganization, unmapped } = options;
  if (mapOrganization === undefined && unmapped === undefined) return undefined;
  return {
    ...(mapOrganization === undefined ? {} : { map: mapOrganization.map(pairIn) }),
    ...(unmapped === undefined ? {} : { unmapped }),
  };
}

function pairIn(given: string): { theirs: string; ours: string } {
  const at = given.indexOf("=");
  const [theirs, ours] = [given.slice(0, at), given.slice(at + 1)];
  if (at > 0 && ours !== "") return { theirs, ours };
  throw new SynclineError("USAGE", `"${given}" does not say which organization becomes which`, {
    hint: "say theirs=ours, as in --map-organization harbor-board=harbor",
  });
}
