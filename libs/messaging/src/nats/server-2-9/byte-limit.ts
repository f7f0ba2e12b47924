/** First release whose `discard: new` counts a message as it is stored. */
const EXACT_SINCE = [2, 10, 5] as const

/** `max_bytes` of a stream without a limit. */
export const UNLIMITED = -1

/**
 * Whether the byte limit of a stream may be set on a server. Older ones count an incoming message without its frame, take
 * one in that exceeds the limit by no more than that, and then remove the oldest to make room: a message that was
 * confirmed, and that no consumer has seen (nats-server issues 4771 and 4775). Of 30 streams that were filled with small
 * messages, 2.9.10 did so to 11.
 */
export function keepsByteLimits(version: string | undefined): boolean {
  const parts = (version ?? '').split('.').map((part) => Number.parseInt(part, 10) || 0)
  for (const [place, least] of EXACT_SINCE.entries()) {
    const part = parts[place] ?? 0
    if (part !== least) return part > least
  }
  return true
}

/** A stream as it was found. */
interface FoundStream {
  readonly maxBytes: number
  readonly bytes: number
}

/** Of a new, lower limit, how much may be in use when it comes into force. */
const LOWERING_SHARE = 1 / 2

/**
 * What a stream's `max_bytes` is to be. A limit is lowered only where far less is stored: there are servers that remove the
 * oldest messages otherwise (nats-server issues 2589 and 4775), also for what is published in the meantime. Until then the
 * publishers keep it.
 *
 * @param version of the server
 * @param wanted the limit of the specification
 */
export function maxBytesFor(version: string | undefined, wanted: number, found?: FoundStream): number {
  if (!keepsByteLimits(version)) return UNLIMITED
  if (found === undefined || found.bytes <= wanted * LOWERING_SHARE) return wanted
  const isLowered = found.maxBytes === UNLIMITED || found.maxBytes > wanted
  return isLowered ? found.maxBytes : wanted
}
