import { type Alias, type Document, isAlias, visit, type YAMLParseError } from "yaml";

/** What is wrong with a file before it is looked at as a scenario, and where in its text. */
export interface TextFault {
  readonly offset: number;
  readonly message: string;
}

type Code = YAMLParseError["code"];

/** What the parser says in words of its own. */
const WORDS: { readonly [code in Code]?: (said: string) => string } = {
  DUPLICATE_KEY: (key) => `the key "${key}" stands twice in one map`,
  MULTIPLE_DOCS: () => "a second document begins here: a file holds one scenario",
  RESOURCE_EXHAUSTION: () => "this is nested too deeply",
  TAB_AS_INDENT: () => "a tab: lines are indented with spaces",
};

/** The first fault of a document; tags that nobody knows are one, too: they would say nothing. */
export function textFault({ errors, warnings }: Document, text: string): TextFault | undefined {
  const [fault] = [...errors, ...warnings];
  if (fault === undefined) return undefined;
  const [from, to] = fault.pos;
  const [said = ""] = fault.message.split(/ at line \d+/);
  const [word = ""] = /^[^\s:,]+/.exec(text.slice(from, Math.max(to, from + 100))) ?? [];
  return { offset: from, message: WORDS[fault.code]?.(word) ?? said };
}

/** Why the aliases of a document cannot be followed: one is of nothing, or they fill too much. */
export function aliasFault(document: Document): TextFault {
  let first: Alias | undefined;
  let dangling: Alias | undefined;
  visit(document, (_key, node) => {
    if (!isAlias(node)) return;
    first ??= node;
    if (dangling === undefined && node.resolve(document) === undefined) dangling = node;
  });
  const { range, source } = dangling ?? first ?? {};
  const message =
    dangling === undefined
      ? "the aliases, of which this is the first, stand for too much: write it out"
      : `no &${source} stands before this`;
  return { offset: range?.[0] ?? 0, message };
}
