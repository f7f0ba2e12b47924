import type { SystemState } from '@runnel/contracts/api/system'

/** What was seen of one kind at the last look. */
interface Seen {
  readonly storedEvents: number
  /** Since when messages wait and none is stored; null while some are. */
  readonly stalledSinceMs: number | null
}

/** What is remembered from one look to the next, by whichever replica. */
export interface LagMemory {
  readonly kinds?: Readonly<Record<string, Seen>>
  /** Since when no consumer answers. */
  readonly awaySinceMs?: number | null
}

interface Lag {
  readonly kind: string
  readonly seconds: number
  readonly waitingMessages: number
}

export interface JudgedLag {
  readonly memory: LagMemory
  /** Kinds that are stored too late; empty where all is well. */
  readonly late: readonly Lag[]
  /** Seconds since when no consumer answers, where that is too long. */
  readonly awaySeconds: number | undefined
}

/**
 * Whether events are stored too late: what consumers store is too old, or something waits and nothing is stored, or no consumer
 * answers. The lag that consumers show is that of their last batch, and says nothing once there is none.
 *
 * @param nowMs the database's time
 */
export function judgeLag(
  { apps, broker }: Pick<SystemState, 'apps' | 'broker'>,
  memory: LagMemory,
  nowMs: number,
  limitSeconds: number,
): JudgedLag {
  const isAway = apps.some(({ name, status }) => name === 'consumer' && status === 'away')
  const awaySinceMs = isAway ? Math.min(memory.awaySinceMs ?? nowMs, nowMs) : null
  const awaySeconds = awaySinceMs === null ? 0 : Math.floor((nowMs - awaySinceMs) / 1000)
  const kinds: Record<string, Seen> = {}
  const late: Lag[] = []
  for (const { kind, pendingMessages, unsettledMessages, storedEvents, lagSeconds } of broker) {
    if (pendingMessages === null || storedEvents === null) continue
    const waitingMessages = pendingMessages + (unsettledMessages ?? 0)
    const before = memory.kinds?.[kind]
    const stands = waitingMessages > 0 && before !== undefined && before.storedEvents === storedEvents
    const stalledSinceMs = stands ? Math.min(before.stalledSinceMs ?? nowMs, nowMs) : null
    kinds[kind] = { storedEvents, stalledSinceMs }
    const stalledSeconds = stalledSinceMs === null ? 0 : (nowMs - stalledSinceMs) / 1000
    const moving = stands ? 0 : (lagSeconds ?? 0)
    const seconds = Math.floor(Math.max(stalledSeconds, waitingMessages > 0 ? moving : 0))
    if (seconds > limitSeconds) late.push({ kind, seconds, waitingMessages })
  }
  return {
    memory: { kinds, awaySinceMs },
    late,
    awaySeconds: awaySeconds > limitSeconds ? awaySeconds : undefined,
  }
}
