import { isRating } from "./types/rating.ts";

/** How something is liked: nothing to average where nobody rated it. */
export interface RatingAverage {
  readonly average: number | null;
  readonly count: number;
}

/** The average of ratings; what is not on the scale does not count. */
export function averageRating(ratings: readonly unknown[]): RatingAverage {
  const valid = ratings.filter(isRating);
  if (valid.length === 0) return { average: null, count: 0 };
  return { average: valid.reduce((sum, one) => sum + one, 0) / valid.length, count: valid.length };
}
