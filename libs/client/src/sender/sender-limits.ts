/** Every limit of a sender. Queues are those of one kind of event: what holds up logs costs metrics nothing. */
export interface SenderLimits {
  /** Events of one request. The server takes 10,000 by default. */
  readonly batchEvents: number
  /** Bytes of one request; an event that is larger goes alone. The server takes 5 MiB by default. */
  readonly batchBytes: number
  /** Milliseconds that an event may wait for others to go with. */
  readonly batchAgeMs: number
  /** Bytes of one event as JSON. The server takes 512 KiB by default. */
  readonly eventBytes: number
  /** Events that wait or are being sent. */
  readonly queueEvents: number
  /** Bytes of these events. */
  readonly queueBytes: number
  /** Calls that wait for room in a full queue; further ones are rejected. */
  readonly waitingCalls: number
  /** Bytes of the events of these calls. */
  readonly waitingBytes: number
  /** Milliseconds that a request may take. */
  readonly requestTimeoutMs: number
  /** Bytes of an answer. */
  readonly answerBytes: number
  /** Milliseconds before the first retry; each further one waits twice as long. */
  readonly retryMinMs: number
  /** The longest wait before a retry that the server did not ask for. */
  readonly retryMaxMs: number
  /** The longest wait that the server may ask for by Retry-After. */
  readonly retryAfterMaxMs: number
  /**
   * Milliseconds after the first try of a batch after which it is not tried again. Less than the 48 h for which the server
   * recognises a repeated event.
   */
  readonly giveUpMs: number
}

const KIB = 1024
const MIB = 1024 * KIB
const HOUR_MS = 3_600_000

export const DEFAULT_LIMITS: SenderLimits = {
  batchEvents: 1000,
  batchBytes: MIB,
  batchAgeMs: 500,
  eventBytes: 512 * KIB,
  queueEvents: 20_000,
  queueBytes: 32 * MIB,
  waitingCalls: 1000,
  waitingBytes: 8 * MIB,
  requestTimeoutMs: 30_000,
  answerBytes: 8 * MIB,
  retryMinMs: 200,
  retryMaxMs: 30_000,
  retryAfterMaxMs: 300_000,
  giveUpMs: 24 * HOUR_MS,
}

/** For how long the server recognises a repeated event. */
const RECOGNISED_MS = 48 * HOUR_MS

/** @throws RangeError that names the limit */
export function completeLimits(given: Partial<SenderLimits>): SenderLimits {
  const limits = { ...DEFAULT_LIMITS }
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof SenderLimits)[]) {
    const value = given[name] ?? DEFAULT_LIMITS[name]
    const least = name.endsWith('Ms') || name.startsWith('waiting') ? 0 : 1
    if (!Number.isSafeInteger(value) || value < least)
      throw new RangeError(`${name} is ${value}: expected an integer from ${least}`)
    Object.assign(limits, { [name]: value })
  }
  requireAtMost(limits, 'eventBytes', limits.queueBytes, 'queueBytes: such an event would never fit')
  requireAtMost(limits, 'giveUpMs', RECOGNISED_MS - 1, '48 h: after that, a repeated event is stored twice')
  return limits
}

function requireAtMost(limits: SenderLimits, name: keyof SenderLimits, most: number, reason: string): void {
  if (limits[name] > most) throw new RangeError(`${name} is ${limits[name]}: expected at most ${reason}`)
}
