/** The rules on names, exports and leftovers. */
import { importsOf } from "./imports.ts";
import { isSyntaxNode, type Rule, type SyntaxNode, syntaxTree, violation, walk } from "./source.ts";

export const namesAreKebabCase: Rule = (file) =>
  file.path
    .split("/")
    .filter((segment) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?$/.test(segment))
    .map((segment) => violation(file, 0, `"${segment}" is not kebab-case`));

export const relativeImportsNameTheFile: Rule = (file) =>
  importsOf(file)
    .filter(({ specifier }) => specifier.startsWith(".") && !specifier.endsWith(".ts"))
    .map(({ specifier, offset }) => violation(file, offset, `"${specifier}" lacks ".ts"`));

export const exportsAreNamed: Rule = (file) =>
  [...walk(syntaxTree(file))]
    .filter(({ node }) => isDefaultExport(node))
    .map(({ node }) => violation(file, node.start, "default export"));

function isDefaultExport(node: SyntaxNode): boolean {
  if (node.type === "ExportDefaultDeclaration" || node.type === "TSExportAssignment") return true;
  const name = node.type === "ExportSpecifier" ? node.exported : undefined;
  return isSyntaxNode(name) && (name.name ?? name.value) === "default";
}

export const thereAreNoEnums: Rule = (file) =>
  [...walk(syntaxTree(file))]
    .filter(({ node }) => node.type === "TSEnumDeclaration")
    .map(({ node }) => violation(file, node.start, "enum; use a union of literals"));

/** Open work belongs in docs, with an owner. The words are split so as not to find themselves. */
export const nothingIsLeftToDo: Rule = (file) =>
  [...file.text.matchAll(new RegExp(["\\b(TO", "DO|FIX", "ME)\\b"].join(""), "g"))].map((match) =>
    violation(file, match.index, `left over: ${match[0]}`),
  );
