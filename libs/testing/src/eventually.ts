import { setTimeout as sleep } from 'node:timers/promises'
import { WAIT_LIMIT_MS } from './wait-limit.ts'

/**
 * Polls until `condition` gives something other than false, null or undefined, and returns that. A condition may
 * also throw (an assertion, a refused connection): it is tried again.
 *
 * @throws Error after `timeoutMs`, with the last error as cause
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = WAIT_LIMIT_MS, everyMs = 25 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + timeoutMs
  let cause: unknown
  do {
    try {
      const value = await condition()
      cause = undefined
      if (value !== false && value !== null && value !== undefined)
        return value as Exclude<T, false | null | undefined>
    } catch (error) {
      cause = error
    }
    await sleep(everyMs)
  } while (Date.now() < deadline)
  const detail = cause instanceof Error ? `: ${cause.message}` : ''
  throw new Error(`Not within ${timeoutMs} ms${detail}`, { cause })
}
