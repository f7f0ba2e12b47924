import type { ChannelName } from '@runnel/contracts'
import type { SystemState } from '@runnel/contracts/api/system'
import {
  describeRetention,
  readDatabaseTimeMs,
  readTimeState,
  type Database,
} from '@runnel/repositories-database'
import { countRecentDeadLetters, readDeadLetterCounts } from '@runnel/repositories-events'
import { readConditionMemory, readProviderState, writeConditionMemory } from '@runnel/repositories-mailings'
import type { ConditionName } from './condition-names.ts'
import { judgeLag, type LagMemory } from './judge-lag.ts'
import type { AlertOptions } from './settings.ts'

/** What was seen of a condition. */
export interface Look {
  readonly holds: boolean
  /** For people; JSON. */
  readonly facts: object
  /** Whether it has to last for ALERT_AFTER_SECONDS, or counts at once. */
  readonly atOnce?: boolean
}

export interface LookDeps {
  readonly database: Database
  readonly alerts: Pick<AlertOptions, 'lagSeconds'>
  /** Those that are configured: others are not looked at. */
  readonly channels: readonly ChannelName[]
  readonly readSystem: () => Promise<Pick<SystemState, 'apps' | 'broker'> | undefined>
}

/** Events of the last time that became dead letters keep the alert open. */
const RECENT_MS = 15 * 60_000

/** How each condition is looked at. Undefined: it is not known at the moment, which changes nothing. */
export const LOOKS: Readonly<Record<ConditionName, (deps: LookDeps) => Promise<Look | undefined>>> = {
  gateway_breaker: (deps) => lookAtBreaker(deps, 'gateway'),
  email_breaker: (deps) => lookAtBreaker(deps, 'email'),
  webhook_breaker: (deps) => lookAtBreaker(deps, 'webhook'),
  async gateway_pause({ database }) {
    const state = await readProviderState(database)
    const leftSeconds = Math.max(0, Math.ceil((state?.pausedMs ?? 0) / 1000))
    return state && { holds: leftSeconds > 0, facts: { reason: 'the gateway asked for it', leftSeconds } }
  },
  async dead_letters({ database }) {
    const recent = await countRecentDeadLetters(database, RECENT_MS)
    const { kept } = await readDeadLetterCounts(database, { fromMs: 0, untilMs: 0 })
    return { holds: recent > 0, facts: { recent, kept }, atOnce: true }
  },
  async lag({ database, alerts, readSystem }) {
    const system = await readSystem()
    if (!system) return undefined
    const memory = (await readConditionMemory(database, 'lag')) as LagMemory
    const nowMs = await readDatabaseTimeMs(database)
    const judged = judgeLag(system, memory, nowMs, alerts.lagSeconds)
    await writeConditionMemory(database, 'lag', judged.memory)
    const { late, awaySeconds } = judged
    return {
      holds: late.length > 0 || awaySeconds !== undefined,
      facts: { late, awaySeconds: awaySeconds ?? null },
    }
  },
  async retention_suspended({ database }) {
    const state = await readTimeState(database)
    if (!state) return undefined
    const jumped = state.shifts.some(({ kind }) => kind === 'jump')
    const reason = jumped ? 'jump' : (state.suspension?.reason ?? null)
    // A gap is no alarm: a computer was off for a while.
    const holds = reason === 'jump' || reason === 'removal'
    return { holds, facts: { reason, notes: describeRetention(state) }, atOnce: true }
  },
}

async function lookAtBreaker(
  { database, channels }: LookDeps,
  channel: ChannelName,
): Promise<Look | undefined> {
  const row = await readProviderState(database, channel)
  if (!row) return undefined
  const { state, reason } = row
  // While it is probed and ramps up, some messages go out: the outage is over once it is closed.
  return { holds: channels.includes(channel) && state !== 'closed', facts: { state, reason } }
}
