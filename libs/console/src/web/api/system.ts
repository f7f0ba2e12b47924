import { getJson, type Answer } from './get-json.ts'

/** null: not known, because the app that knows it does not answer. */
type Known = number | null

export interface AppState {
  readonly name: string
  readonly url: string | null
  readonly status: 'ready' | 'unready' | 'away'
  /** Checks that fail, with their reasons. */
  readonly failures: Readonly<Record<string, string>>
  /** Why it does not answer. */
  readonly problem: string | null
  readonly uptimeSeconds: Known
  readonly memoryBytes: Known
  readonly nodeVersion: string | null
  readonly eventLoopLagSeconds: Known
}

export interface ServerState {
  readonly name: string
  readonly status: 'ready' | 'away' | 'unused'
}

/** Events of one kind on their way. */
export interface BrokerState {
  readonly kind: string
  readonly pendingMessages: Known
  readonly unsettledMessages: Known
  readonly streamMessages: Known
  readonly streamBytes: Known
  readonly streamLimitBytes: Known
  readonly lagSeconds: Known
  readonly storedEvents: Known
  readonly deadLetteredEvents: Known
}

/** Since query-api started. */
export interface CacheState {
  readonly lookups: number
  readonly memoryHits: number
  readonly redisHits: number
  readonly staleHits: number
  readonly failedLoads: number
  readonly hitRatio: number | null
  readonly memoryBytes: Known
}

export interface SendingState {
  readonly breaker: string | null
  readonly openChunks: Known
  readonly chunkLagSeconds: Known
  readonly retryLagSeconds: Known
  readonly sentMessages: Known
  readonly failedMessages: Known
}

/** How everything is. */
export interface SystemState {
  readonly at: string
  readonly apps: readonly AppState[]
  readonly servers: readonly ServerState[]
  readonly broker: readonly BrokerState[]
  readonly cache: CacheState
  readonly sending: SendingState
}

export function getSystem(signal: AbortSignal): Promise<Answer<SystemState>> {
  return getJson('/api/v1/system', {}, signal)
}
