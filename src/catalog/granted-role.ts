import { isRole, ROLES, type Role } from "./roles.ts";

/** A role that somebody was given on an object, or on the organization that owns it. */
export interface Grant {
  /** The object of the type `role`. */
  readonly id: string;
  readonly role: unknown;
  /** Whose it is: one user's, or that of the members of a group or organization. */
  readonly user?: string | undefined;
  readonly group?: string | undefined;
}

/** What somebody may do, and why. */
export interface GrantedRole {
  readonly role: Role;
  /** `grant`: given to them; `others`: given to others, not to them; `default`: given to nobody. */
  readonly because: "grant" | "others" | "default";
  /** The object of the type `role` that says so. */
  readonly grant: string | null;
}

/**
 * What a user may do with an object, from the roles that were given on it: the highest of their own
 * and of their groups'. Where roles were given, but none to them, they read. Where none was, the
 * instance's default role holds: so what comes from elsewhere without its roles, however restricted
 * there, is open to the people here. A role that is not known is the least of all.
 */
export function grantedRole(
  user: string,
  groups: ReadonlySet<string>,
  grants: readonly Grant[],
  defaultRole: Role,
): GrantedRole {
  if (grants.length === 0) return { role: defaultRole, because: "default", grant: null };
  let best: GrantedRole = { role: ROLES[0], because: "others", grant: null };
  for (const { id, role: given, ...holder } of grants) {
    const isTheirs =
      holder.user === user || (holder.group !== undefined && groups.has(holder.group));
    if (!isTheirs) continue;
    const role = isRole(given) ? given : ROLES[0];
    if (best.grant !== null && ROLES.indexOf(role) <= ROLES.indexOf(best.role)) continue;
    best = { role, because: "grant", grant: id };
  }
  return best;
}
