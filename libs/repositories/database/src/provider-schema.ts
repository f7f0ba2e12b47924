import type { Generated } from 'kysely'

/** The tables that replicas of the dispatcher use to agree, as Kysely sees them. Their times are the database's own. */
export interface ProviderSchema {
  provider_state: ProviderStateTable
  dispatcher_heartbeat: DispatcherHeartbeatTable
}

/** A row for each channel, by its name: the circuit breaker of all replicas. */
interface ProviderStateTable {
  name: string
  state: 'closed' | 'open' | 'ramping'
  /** Why it was opened: a short code. */
  reason: string | null
  /** How far it has ramped up; 0 is the first step. */
  step: Generated<number>
  /** Counts the changes; a change names the version that it was based on. */
  version: Generated<number>
  changed_at: Generated<Date>
  /** While open: when the next probe is due. */
  probe_at: Generated<Date>
  /** Until then a replica holds the probe. */
  probe_until: Generated<Date>
  /** The gateway asked to be left alone until then. */
  paused_until: Generated<Date>
}

interface DispatcherHeartbeatTable {
  replica_id: string
  seen_at: Date
}
