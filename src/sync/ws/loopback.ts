const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;

/** True for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.toLowerCase());
}

/**
 * True when a `Host` header names this machine from within. Another name that leads here is a
 * domain that somebody points at 127.0.0.1, so that a web page counts as this server (DNS rebinding).
 */
export function isLoopbackHost(header: string | undefined): boolean {
  return isLoopback((header ?? "").replace(/:\d+$/, ""));
}
