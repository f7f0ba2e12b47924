import type { SenderLimits } from './sender-limits.ts'

type DelayLimits = Pick<SenderLimits, 'retryMinMs' | 'retryMaxMs' | 'retryAfterMaxMs'>

/**
 * How long to wait before a retry. Half of the wait is random, so that clients that failed together do not come back together; what
 * the server asks for is waited at least, up to a limit.
 *
 * @param failures in a row, from 1
 * @param random from 0 to 1
 */
export function retryDelayMs(
  failures: number,
  retryAfterMs: number | undefined,
  random: number,
  { retryMinMs, retryMaxMs, retryAfterMaxMs }: DelayLimits,
): number {
  const backoffMs = Math.min(retryMaxMs, retryMinMs * 2 ** (failures - 1))
  const ownMs = backoffMs / 2 + (random * backoffMs) / 2
  if (retryAfterMs === undefined) return ownMs
  const askedMs = Math.min(retryAfterMs, retryAfterMaxMs)
  return Math.max(askedMs + random * Math.min(retryMinMs, askedMs), ownMs)
}

/**
 * @param header Retry-After: seconds, or a date of HTTP
 * @returns undefined where it says nothing that can be read
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000
  const atMs = Date.parse(header)
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}
