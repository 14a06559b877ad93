import { z } from "zod";

/**
 * Either side, before it closes: why it cannot go on. It may come before a version is agreed, so
 * fields that a reader does not know are ignored, and so is a code it does not know.
 */
export interface ErrorMessage {
  readonly m: "error";
  readonly code: string;
  readonly message: string;
  /** Trying again later can succeed without any change. */
  readonly retriable?: true;
  /** What a person can do about it. */
  readonly hint?: string;
}

/** Characters of a text in an ERROR. */
export const ERROR_TEXT_CHARS_MAX = 2000;

export const error: z.ZodType<ErrorMessage> = z.object({
  m: z.literal("error"),
  code: z.string().max(64),
  message: z.string().max(ERROR_TEXT_CHARS_MAX),
  retriable: z.exactOptional(z.literal(true)),
  hint: z.exactOptional(z.string().max(ERROR_TEXT_CHARS_MAX)),
});
