import type { ChannelName } from '@runnel/contracts'
import type { ChannelBreaker } from '../breaker/channel-breaker.ts'

/** @returns a sentence for /readyz while nothing is sent; undefined while messages go out */
export function describeStop(
  channel: ChannelName,
  breaker: Pick<ChannelBreaker, 'state' | 'reason' | 'resumesInMs'>,
  nowMs: number,
): string | undefined {
  const { state, reason } = breaker
  if (state === 'closed' || state === 'ramping') return undefined
  const until = new Date(nowMs + (breaker.resumesInMs() ?? 0)).toISOString()
  if (state === 'paused')
    return `Nothing is sent until ${until}: the gateway asked for a pause (429 with Retry-After)`
  const what = channel === 'gateway' ? 'the gateway' : `the channel ${channel}`
  return `Nothing is sent (${reason ?? 'failing'}): the next probe of ${what} is due at ${until}`
}
