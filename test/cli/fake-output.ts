/** An output that keeps what was written, with a given width, terminal or not. */
import type { Output } from "../../src/cli/output/output.ts";

export interface FakeOutput extends Output {
  text: string;
}

export function fakeOutput(given: Partial<Output> = {}): FakeOutput {
  return {
    isTerminal: false,
    columns: 80,
    hasColors: false,
    ...given,
    text: "",
    write(text) {
      this.text += text;
    },
    ready: async () => {},
  };
}
