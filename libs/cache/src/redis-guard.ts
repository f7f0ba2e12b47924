import type { RedisBreaker } from './redis-breaker.ts'

/** Runs a command of Redis. @returns undefined where Redis is unreachable, at once while that is known; never rejects */
export type RedisGuard = <T>(command: () => Promise<T>) => Promise<T | undefined>

/** @param onOutage called when an outage begins or ends */
export function createRedisGuard(
  breaker: RedisBreaker,
  onOutage: (unreachable: boolean, error?: unknown) => void,
): RedisGuard {
  return async (command) => {
    if (!breaker.allows()) return undefined
    try {
      const reply = await command()
      if (breaker.succeeded()) onOutage(false)
      return reply
    } catch (error) {
      if (breaker.failed()) onOutage(true, error)
      return undefined
    }
  }
}
