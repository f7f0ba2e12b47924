import type { ChannelBreaker } from '../breaker/channel-breaker.ts'

/** @returns a sentence for /readyz while nothing is sent; undefined while messages go out */
export function describeStop(
  breaker: Pick<ChannelBreaker, 'state' | 'reason' | 'resumesInMs'>,
  nowMs: number,
): string | undefined {
  const { state, reason } = breaker
  if (state === 'closed' || state === 'ramping') return undefined
  const until = new Date(nowMs + (breaker.resumesInMs() ?? 0)).toISOString()
  if (state === 'paused')
    return `Nothing is sent until ${until}: the gateway asked for a pause (429 with Retry-After)`
  return `Nothing is sent (${reason ?? 'failing'}): the next probe of the gateway is due at ${until}`
}
