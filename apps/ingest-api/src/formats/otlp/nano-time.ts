const NANOS_PER_SECOND = 1_000_000_000n

/** Most records of a request are of the same second. */
let lastSecond = -1n
let lastText = ''

/**
 * @param nanos since 1970, of 64 bits
 * @returns RFC 3339 text in UTC with nine decimals, undefined for 0: it stands for an unknown time
 */
export function toTimestamp(nanos: bigint): string | undefined {
  if (nanos === 0n) return undefined
  const second = nanos / NANOS_PER_SECOND
  if (second !== lastSecond) {
    lastSecond = second
    lastText = new Date(Number(second) * 1000).toISOString().slice(0, 20)
  }
  return `${lastText}${String(Number(nanos - second * NANOS_PER_SECOND)).padStart(9, '0')}Z`
}

/** @returns hexadecimal text, undefined where it is empty or all zeros: that stands for no trace or span */
export function toHexId(bytes: Uint8Array): string | undefined {
  if (!bytes.some((byte) => byte !== 0)) return undefined
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}
