import type { Breaker } from './redis-breaker.ts'

/** Runs a command of Redis. @returns undefined where Redis is away, at once while that is known; never rejects */
export type Guard = <T>(command: () => Promise<T>) => Promise<T | undefined>

/** @param onOutage called when an outage begins or ends */
export function createGuard(breaker: Breaker, onOutage: (away: boolean, error?: unknown) => void): Guard {
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
