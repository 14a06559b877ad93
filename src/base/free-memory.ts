/**
 * Frees the memory of bytes that nobody looks at any more, unless it holds something else as well.
 * Left to the collector, blocks of this size make it search the whole heap several times a second.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
