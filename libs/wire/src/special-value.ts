/**
 * What a sample of Prometheus says where it is no finite number. `stale` is the marker of a series that has ended: a NaN of
 * its own.
 */
export type SpecialValue = 'NaN' | '+Inf' | '-Inf' | 'stale'

/** The halves of a double. */
export interface DoubleBits {
  readonly high: number
  readonly low: number
}

/** As Prometheus itself writes them; of a NaN with other bits only that it is one is kept. */
const BITS: Readonly<Record<SpecialValue, DoubleBits>> = {
  NaN: { high: 0x7ff80000, low: 1 },
  '+Inf': { high: 0x7ff00000, low: 0 },
  '-Inf': { high: 0xfff00000, low: 0 },
  stale: { high: 0x7ff00000, low: 2 },
}

/**
 * A number of JavaScript may lose the bits of a NaN, so that they are read from the bytes.
 *
 * @param at of a double in little-endian order, which is no finite number
 */
export function readSpecialValue(bytes: Buffer, at: number): SpecialValue {
  const [low, high] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)]
  const { stale, '+Inf': infinite } = BITS
  if (low === stale.low && high === stale.high) return 'stale'
  if (low !== 0 || (high & infinite.high) !== infinite.high || (high & 0xfffff) !== 0) return 'NaN'
  return high === infinite.high ? '+Inf' : '-Inf'
}

/** @returns the bits of a special value; undefined for a text that names none */
export function bitsOfSpecialValue(name: string): DoubleBits | undefined {
  return Object.hasOwn(BITS, name) ? BITS[name as SpecialValue] : undefined
}
