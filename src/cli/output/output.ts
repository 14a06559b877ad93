/** One of the two streams a command writes to. */
export interface Output {
  readonly isTerminal: boolean;
  /** Columns of the terminal; wide when there is none, since nothing is cut in a file. */
  readonly columns: number;
  readonly hasColors: boolean;
  write(text: string): void;
  /** Resolves when the stream takes more; to be awaited between large writes. */
  ready(): Promise<void>;
}

const COLUMNS_WITHOUT_TERMINAL = 1000;
const COLUMNS_MIN = 20;

/** The output on a stream of the process, colored on a terminal unless `NO_COLOR` is set. */
export function streamOutput(
  stream: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): Output {
  let blocked: Promise<void> | undefined;
  const isTerminal = stream.isTTY === true;
  return {
    isTerminal,
    get columns() {
      if (!isTerminal) return COLUMNS_WITHOUT_TERMINAL;
      return Math.max(COLUMNS_MIN, stream.columns ?? 80);
    },
    hasColors: isTerminal && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb",
    write(text) {
      if (stream.write(text)) return;
      blocked ??= new Promise((resolve) =>
        stream.once("drain", () => {
          blocked = undefined;
          resolve();
        }),
      );
    },
    ready: async () => blocked,
  };
}
