/**
 * Memory for large bytes that pass through a sync. Left to the collector, it makes V8 mark the whole
 * heap several times a second; in blocks of any size, it leaves gaps in the C library's heap.
 */
const BLOCK_BYTES = 256 * 1024;
const SMALL_BYTES_MAX = 64 * 1024;

const own = new WeakSet<ArrayBufferLike>();

/** Some bytes in memory that holds nothing else. */
export function ownMemory(length: number): Uint8Array<ArrayBuffer> {
  const isSmall = length <= SMALL_BYTES_MAX;
  const size = isSmall ? length : Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES;
  const buffer = new ArrayBuffer(size);
  own.add(buffer);
  return new Uint8Array(buffer, 0, length);
}

/**
 * Takes bytes over that came from elsewhere and that nobody else looks at, as if they were from
 * {@link ownMemory}; not those that share their memory with others.
 */
export function takeOver<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
  if (bytes.byteLength === bytes.buffer.byteLength) own.add(bytes.buffer);
  return bytes;
}

/** True for bytes from {@link ownMemory}. */
export function isOwnMemory({ buffer }: Uint8Array): boolean {
  return own.has(buffer);
}

/** The parts as one, in memory that holds nothing else. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = ownMemory(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Frees what {@link ownMemory} gave or was taken over, which nobody looks at any more; other bytes stay. */
export function freeMemory(bytes: Uint8Array): void {
  if (isOwnMemory(bytes)) freeBuffer(bytes.buffer);
}

/** Frees memory of which the caller knows that nobody looks at it any more. */
export function freeBuffer(buffer: ArrayBufferLike): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
