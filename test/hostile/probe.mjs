// Loaded into a served instance before anything else: on SIGUSR2 it writes what the process cost since
// the last time: the longest turn of its event loop, in the thread's own milliseconds, and its memory.
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const threadMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

if (isMainThread) watch();

function watch() {
  let [last, longestMs, rssPeak] = [threadMs(), 0, 0];

  function turn() {
    const now = threadMs();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    // The pause lets other work in; a turn that is long is seen by the next one.
    setTimeout(turn, 1).unref();
  }
  setTimeout(turn, 500).unref();
  setInterval(() => {
    rssPeak = Math.max(rssPeak, process.memoryUsage.rss());
  }, 20).unref();

  let number = 0;
  process.on("SIGUSR2", () => {
    const { heapUsed, external } = process.memoryUsage();
    number += 1;
    const rss = process.memoryUsage.rss();
    const report = { number, longestMs, rssPeak, rss, heapUsed, external };
    writeFileSync(process.env.PROBE_FILE, JSON.stringify(report));
    [longestMs, rssPeak] = [0, rss];
  });
}
