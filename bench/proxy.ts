import { type AddressInfo, connect, createServer } from "node:net";
import { serveRole } from "./role.ts";

/** A TCP proxy in a process of its own that counts the bytes it passes on, both ways. */

const counts = { connections: 0, up: 0, down: 0 };
let port = 0;

const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
  counts.connections += 1;
  const far = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
  near.on("data", (bytes) => {
    counts.up += bytes.length;
  });
  far.on("data", (bytes) => {
    counts.down += bytes.length;
  });
  near.pipe(far);
  far.pipe(near);
  const end = (): void => {
    near.destroy();
    far.destroy();
  };
  near.on("error", end);
  far.on("error", end);
});

serveRole({
  target: (to: number) => {
    port = to;
  },
  listen: () =>
    new Promise((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    }),
  reset: () => Object.assign(counts, { connections: 0, up: 0, down: 0 }),
  counts: () => ({ ...counts }),
});
