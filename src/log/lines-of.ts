/** The lines of newline-ended text, without the newlines; empty ones left out. */
export function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  // A buffer looks for a byte many times faster than other arrays do.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  while (start < bytes.length) {
    const newline = buffer.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    if (end > start) yield buffer.subarray(start, end);
    start = end + 1;
  }
}
