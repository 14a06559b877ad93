import type { Statement } from "better-sqlite3";

type Statements<Name extends string> = Readonly<Record<Name, Statement<unknown[]>>>;

/** Statements that are prepared when they are first asked for: a command needs few of many. */
export function lazily<Name extends string>(
  recipes: Readonly<Record<Name, () => Statement<unknown[]>>>,
): Statements<Name> {
  const statements = {};
  for (const name of Object.keys(recipes) as Name[]) {
    const get = (): Statement<unknown[]> => {
      const statement = recipes[name]();
      Object.defineProperty(statements, name, { value: statement });
      return statement;
    };
    Object.defineProperty(statements, name, { get, configurable: true });
  }
  return statements as Statements<Name>;
}
