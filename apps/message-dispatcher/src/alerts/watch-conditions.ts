import type { Logger } from '@runnel/observability'
import type { Database } from '@runnel/repositories-database'
import { noteCondition } from '@runnel/repositories-mailings'
import { toNotifications, type AlertTargets } from './alert-message.ts'
import { CONDITION_NAMES, type ConditionName } from './condition-names.ts'
import { LOOKS, type LookDeps } from './look-at-conditions.ts'
import type { AlertOptions } from './settings.ts'

export interface WatchDeps extends LookDeps {
  readonly database: Database
  readonly log: Logger
  readonly alerts: Pick<AlertOptions, 'lagSeconds' | 'afterSeconds' | 'remindHours'>
  readonly targets: AlertTargets
  readonly giveUpMs: number
  readonly signal: AbortSignal
}

/**
 * Looks at every condition once, and raises, repeats or resolves its alert.
 *
 * @returns whether there is something to send now
 * @throws the first error, once all were looked at; what was noted by then is sent at the next look
 */
export async function watchConditions(deps: WatchDeps): Promise<boolean> {
  let noted = false
  const errors: unknown[] = []
  for (const name of CONDITION_NAMES) {
    if (deps.signal.aborted) break
    try {
      noted = (await watchOne(name, deps)) || noted
    } catch (error) {
      // One that cannot be looked at hides none of the others.
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
  return noted
}

async function watchOne(name: ConditionName, deps: WatchDeps): Promise<boolean> {
  const { database, log, alerts, targets, giveUpMs } = deps
  const look = await LOOKS[name](deps)
  if (!look) return false
  const { holds, facts, atOnce = false } = look
  const afterMs = atOnce ? 0 : alerts.afterSeconds * 1000
  const noted = await noteCondition(
    database,
    { name, holds, facts, afterMs },
    {
      remindMs: alerts.remindHours * 3_600_000,
      giveUpMs,
      announce: (alert, event) => toNotifications(alert, event, targets),
    },
  )
  if (!noted) return false
  const { alert, event } = noted
  const fields = { alertId: alert.id, condition: name, event, facts: alert.facts }
  if (event === 'resolved') log.info(fields, 'alert resolved')
  else log.warn(fields, event === 'raised' ? 'alert raised' : 'alert not resolved yet')
  return true
}
