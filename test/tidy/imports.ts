/** The imports of a file, in every form that names a module. */
import { isSyntaxNode, type SourceFile, type SyntaxNode, syntaxTree, walk } from "./source.ts";

export interface Import {
  readonly specifier: string;
  /** Names taken from the module, as the module calls them; `*` for all of it. */
  readonly names: readonly string[];
  /** True if nothing of it is left at run time. */
  readonly isTypeOnly: boolean;
  readonly offset: number;
}

export function importsOf(file: SourceFile): Import[] {
  return [...walk(syntaxTree(file))].flatMap(({ node }) => {
    const specifier = specifierOf(node);
    if (specifier === undefined) return [];
    const isTypeOnly =
      node.type === "TSImportType" || node.importKind === "type" || node.exportKind === "type";
    return [{ specifier, names: namesOf(node), isTypeOnly, offset: node.start }];
  });
}

/** `import … from "x"`, `export … from "x"`, `import("x")` and the type `import("x").T`. */
function specifierOf(node: SyntaxNode): string | undefined {
  const isImport =
    node.type === "ImportDeclaration" ||
    node.type === "ExportNamedDeclaration" ||
    node.type === "ExportAllDeclaration" ||
    node.type === "ImportExpression" ||
    node.type === "TSImportType";
  if (!isImport || !isSyntaxNode(node.source)) return undefined;
  const { value } = node.source;
  return typeof value === "string" ? value : undefined;
}

function namesOf(node: SyntaxNode): string[] {
  if (!Array.isArray(node.specifiers)) return ["*"];
  return node.specifiers.filter(isSyntaxNode).map((specifier) => {
    const name = specifier.imported ?? (node.source ? specifier.local : undefined);
    const isNamed = specifier.type === "ImportSpecifier" || specifier.type === "ExportSpecifier";
    return isNamed && isSyntaxNode(name) ? String(name.name ?? name.value) : "*";
  });
}
