/** When a link runs. */
export type LinkMode =
  /** When somebody says so. */
  | { readonly kind: "manual" }
  /** All the time: it stays connected. */
  | { readonly kind: "live" }
  | { readonly kind: "every"; readonly ms: number };

export const MANUAL: LinkMode = { kind: "manual" };
export const LIVE: Extract<LinkMode, { readonly kind: "live" }> = { kind: "live" };

const EVERY_FORM = /^every:([1-9]\d{0,5})([smhd])$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Reads `manual`, `live` or `every:5m` (s, m, h, d); undefined for anything else. */
export function parseMode(text: string): LinkMode | undefined {
  if (text === "manual") return MANUAL;
  if (text === "live") return LIVE;
  const [, count, unit] = EVERY_FORM.exec(text) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  return { kind: "every", ms: Number(count) * (UNIT_MS[unit] as number) };
}
