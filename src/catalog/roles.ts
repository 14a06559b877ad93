/** What somebody may do with an object, from the least to the most; each includes those before. */
export const ROLES = ["reader", "editor", "admin"] as const;

export type Role = (typeof ROLES)[number];

/** True for the name of a role. */
export function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}

/**
 * The types that say who may do what. Their objects belong to the instance where they were made: a
 * link carries them only when its scope asks for roles.
 */
export const ROLE_TYPES: readonly string[] = ["role"];
