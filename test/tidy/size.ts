/** The rules on length. Line width is the formatter's job. */
import { lineAt, type Rule, syntaxTree, violation, walk } from "./source.ts";

const fileLinesMax = 400;
const functionLinesMax = 69;

export const filesAreShort: Rule = (file) => {
  const lines = file.text.replace(/\n$/, "").split("\n").length;
  if (lines <= fileLinesMax) return [];
  return [violation(file, 0, `has ${lines} lines, over ${fileLinesMax}`)];
};

export const functionsAreShort: Rule = (file) =>
  [...walk(syntaxTree(file))]
    .filter(({ node }) => functionTypes.has(node.type))
    .flatMap(({ node }) => {
      const lines = lineAt(file.text, node.end) - lineAt(file.text, node.start) + 1;
      if (lines <= functionLinesMax) return [];
      return [violation(file, node.start, `function of ${lines} lines, over ${functionLinesMax}`)];
    });

const functionTypes: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);
