/** @returns hexadecimal text, undefined where it is empty or all zeros: that stands for no trace or span */
export function toHexId(bytes: Uint8Array): string | undefined {
  for (const byte of bytes) {
    if (byte !== 0) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
  }
  return undefined
}
