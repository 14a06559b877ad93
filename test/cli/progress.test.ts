// Proves how progress is shown: on a terminal one line that fits, is redrawn at most ten times a
// second and is gone at the end; elsewhere a plain line every five seconds at most.
import { expect, test } from "vitest";
import { type ProgressOptions, startProgress } from "../../src/cli/output/progress.ts";
import { displayWidth } from "../../src/cli/output/text.ts";
import { fakeOutput } from "./fake-output.ts";

function setUp(given: { isTerminal: boolean; columns?: number }) {
  let ms = 1_000_000;
  const output = fakeOutput(given);
  const clock: ProgressOptions["clock"] = { nowMs: () => ms, monotonicMs: () => ms };
  const progress = startProgress({ output, clock, label: "syncing hq" });
  const wait = (time: number): void => {
    ms += time;
  };
  return { output, progress, wait };
}

/** The states that a terminal would have shown. */
function frames(text: string): string[] {
  return text
    .split("\r")
    .map((frame) => frame.replace("\x1b[K", ""))
    .slice(1);
}

test("a bar with percentage, count, rate and time left", () => {
  const { output, progress, wait } = setUp({ isTerminal: true, columns: 80 });
  progress.update({ done: 0, total: 1000, unit: "revision" });
  wait(2000);
  progress.update({ done: 250, total: 1000, unit: "revision" });
  expect(frames(output.text)[1]).toBe(
    "syncing hq  [======                ]   25%  250 revisions  125/s  0:06 left",
  );
});

test("redraws at most ten times a second", () => {
  const { output, progress, wait } = setUp({ isTerminal: true });
  for (let i = 0; i <= 1000; i++) {
    progress.update({ done: i, total: 1000 });
    wait(1);
  }
  expect(frames(output.text).length).toBeLessThanOrEqual(11);
});

test.each([20, 30, 40, 60, 80, 200])("fits %i columns", (columns) => {
  const { output, progress, wait } = setUp({ isTerminal: true, columns });
  for (const done of [0, 1, 123_456, 999_999]) {
    progress.update({ done, total: 1_000_000, unit: "revision" });
    wait(1234);
  }
  for (const frame of frames(output.text)) expect(displayWidth(frame)).toBeLessThan(columns);
});

test("leaves an empty line at the end, and nothing when nothing was drawn", () => {
  const { output, progress } = setUp({ isTerminal: true });
  progress.end();
  expect(output.text).toBe("");
  progress.update({ done: 1, total: 2 });
  progress.end();
  expect(output.text.endsWith("\r\x1b[K")).toBe(true);
});

test("without a terminal: no escape sequences, a line every five seconds", () => {
  const { output, progress, wait } = setUp({ isTerminal: false, columns: 1000 });
  for (let second = 0; second < 12; second++) {
    progress.update({ done: second * 100, total: 2400, unit: "revision" });
    wait(1000);
  }
  progress.end();
  expect(output.text).toBe(
    "syncing hq   20%  500 revisions  100/s  0:19 left\n" +
      "syncing hq   41%  1,000 revisions  100/s  0:14 left\n",
  );
});

test("slow work has no rate, and one of it is one", () => {
  const { output, progress, wait } = setUp({ isTerminal: true });
  wait(30_000);
  progress.update({ done: 1, total: 2, unit: "scenario" });
  const [shown = ""] = frames(output.text);
  expect(shown).toMatch(/ 50% {2}1 scenario {2}0:30 left$/);
});

test("without a total there is no bar and no time left", () => {
  const { output, progress, wait } = setUp({ isTerminal: true });
  wait(1000);
  progress.update({ done: 5000, units: 40, unit: "line" });
  expect(frames(output.text)).toEqual(["syncing hq  40 lines  40/s"]);
});
