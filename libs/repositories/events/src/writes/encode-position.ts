import type { BrokerPosition } from '@runnel/contracts'

const INDEX_BITS = 21
/** Of a variant of RFC 9562, and of what stands before it. */
const LOW_TIE_BITS = 41
const LAST_GROUP_TIE_BITS = 48 - INDEX_BITS

/**
 * A position as a uuid that sorts like it: by time, by tie, by index. It has the form of an event id, which is what
 * consumers before v0.2.0 put in its place, so that both compare by their milliseconds.
 *
 * 53 bits of tie and 21 of index stand where an event id has its random bits.
 */
export function encodePosition({ timeMs, tie, index }: BrokerPosition): string {
  const time = Math.max(0, timeMs).toString(16).padStart(12, '0')
  const high = Math.floor(tie / 2 ** LOW_TIE_BITS)
  const middle = Math.floor(tie / 2 ** LAST_GROUP_TIE_BITS) % 2 ** (LOW_TIE_BITS - LAST_GROUP_TIE_BITS)
  const low = (tie % 2 ** LAST_GROUP_TIE_BITS) * 2 ** INDEX_BITS + Math.min(index, 2 ** INDEX_BITS - 1)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(high, 3)}-${hex(0x8000 + middle, 4)}-${hex(low, 12)}`
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
