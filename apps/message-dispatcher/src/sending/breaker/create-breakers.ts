import { CHANNELS, type ChannelName } from '@runnel/contracts'
import type { Deps } from '../../deps.ts'
import { configuredChannels } from '../channels/configured-channels.ts'
import type { ChannelBreaker } from './channel-breaker.ts'
import { createSharedBreaker } from './shared-breaker.ts'

/** One breaker for each channel that is configured: the outage of one stops no other. */
export type Breakers = ReadonlyMap<ChannelName, ChannelBreaker>

export function createBreakers({
  sending,
  database,
  clock,
  log,
}: Pick<Deps, 'sending' | 'database' | 'clock' | 'log'>): Breakers {
  return new Map(
    configuredChannels(sending).map(({ name, limits: { timeoutMs } }) => [
      name,
      createSharedBreaker(
        { ...sending.breaker, timeoutMs },
        { channel: name, database, clock, log: log.child({ channel: name }) },
      ),
    ]),
  )
}

/** @returns for each channel that has a breaker, what a function makes of it */
export function eachBreaker<T>(
  breakers: Breakers,
  make: (breaker: ChannelBreaker, channel: ChannelName) => T,
): Partial<Record<ChannelName, T>> {
  const made: Partial<Record<ChannelName, T>> = {}
  for (const channel of CHANNELS) {
    const breaker = breakers.get(channel)
    if (breaker) made[channel] = make(breaker, channel)
  }
  return made
}
