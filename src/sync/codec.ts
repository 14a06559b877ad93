/**
 * The codec port: compression of one connection, one stream per direction. Frames come out in the
 * order they went in, and have to be decompressed in that order.
 */
export interface Codec {
  /** The compressed form of one frame's records, in pieces. */
  compress(bytes: Uint8Array): Promise<readonly Uint8Array[]>;
  /**
   * The records of one frame, exactly `rawBytes` of them, in memory of their own; the frame's may
   * be freed. Throws `PROTOCOL_ERROR` when the frame holds fewer or more, and then stays unusable;
   * it never unpacks much beyond `rawBytes`.
   */
  decompress(bytes: Uint8Array, rawBytes: number): Promise<Uint8Array>;
  /** Frees everything; what is under way fails with `CLOSED`. */
  close(): void;
}
