declare module 'snappyjs' {
  /** @throws Error where the header says more than `maxLength`, or the bytes are not snappy */
  export function uncompress(compressed: Buffer, maxLength?: number): Buffer
  export function compress(uncompressed: Buffer): Buffer
}
