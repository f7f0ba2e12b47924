import type { ChannelName } from '@runnel/contracts'
import { sql, type RawBuilder } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import { milliseconds } from './send-conditions.ts'

/** The breaker that all replicas share. Times are counted from now, so that no clock but the database's matters. */
export interface ProviderState {
  readonly state: 'closed' | 'open' | 'ramping'
  readonly reason: string | null
  readonly step: number
  /** A change has to name it. */
  readonly version: number
  /** Milliseconds since it last changed. */
  readonly ageMs: number
  /** While open: milliseconds until the next probe is due; 0 or less: it is. */
  readonly probeInMs: number
  /** Milliseconds for which a replica still holds the probe; 0 or less: none does. */
  readonly probeHeldMs: number
  /** Milliseconds for which the gateway asked to be left alone; 0 or less: it did not. */
  readonly pausedMs: number
}

export interface ProviderChange {
  readonly state: ProviderState['state']
  readonly reason: string | null
  readonly step: number
  readonly probeInMs: number
}

const until = (column: string) =>
  sql`(extract(epoch from ${sql.ref(column)} - clock_timestamp()) * 1000)::float8`

const ROW = sql`state, reason, step::int as step, version, -${until('changed_at')} as "ageMs",
  ${until('probe_at')} as "probeInMs", ${until('probe_until')} as "probeHeldMs",
  ${until('paused_until')} as "pausedMs"`

const fromNow = (ms: number): RawBuilder<Date> => sql`clock_timestamp() + ${milliseconds(ms)}`

/** One row by its key: cheap enough for every second of every replica. */
export async function readProviderState(
  { kysely }: Database,
  channel: ChannelName = 'gateway',
): Promise<ProviderState | undefined> {
  const { rows } = await sql<ProviderState>`
    select ${ROW} from provider_state where name = ${channel}`.execute(kysely)
  return rows[0]
}

/**
 * Changes the state, unless another replica has changed it since `version`. After a change no replica holds the probe.
 *
 * @returns the new state; undefined where another replica was faster
 */
export async function changeProviderState(
  { kysely }: Database,
  version: number,
  { state, reason, step, probeInMs }: ProviderChange,
  channel: ChannelName = 'gateway',
): Promise<ProviderState | undefined> {
  const { rows } = await sql<ProviderState>`
    update provider_state set state = ${state}, reason = ${reason}, step = ${step}::smallint, version = version + 1,
      changed_at = clock_timestamp(), probe_at = ${fromNow(probeInMs)}, probe_until = clock_timestamp()
    where name = ${channel} and version = ${version} returning ${ROW}`.execute(kysely)
  return rows[0]
}

/**
 * Takes the probe, if it is due and no replica holds it. Its result is written with {@link changeProviderState} and the
 * version that this returns: a replica that died loses it after `holdMs`, and a result that comes later changes nothing.
 *
 * @param when `early`: it need not be due
 * @returns the new state; undefined where the probe is not due or another replica holds it
 */
export async function takeProbe(
  { kysely }: Database,
  version: number,
  holdMs: number,
  when: 'due' | 'early' = 'due',
  channel: ChannelName = 'gateway',
): Promise<ProviderState | undefined> {
  const isDue = when === 'early' ? sql`true` : sql`probe_at <= clock_timestamp()`
  const { rows } = await sql<ProviderState>`
    update provider_state set version = version + 1, probe_until = ${fromNow(holdMs)}
    where name = ${channel} and version = ${version} and state = 'open'
      and ${isDue} and probe_until <= clock_timestamp()
    returning ${ROW}`.execute(kysely)
  return rows[0]
}

/** The channel asked to be left alone. Extends what was asked before, and never shortens it; versions do not change. */
export async function pauseProvider(
  { kysely }: Database,
  forMs: number,
  channel: ChannelName = 'gateway',
): Promise<void> {
  await sql`
    update provider_state set paused_until = ${fromNow(forMs)}
    where name = ${channel} and paused_until < ${fromNow(forMs)}`.execute(kysely)
}
