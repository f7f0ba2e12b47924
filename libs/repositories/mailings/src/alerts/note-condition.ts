import type { Database, Schema } from '@runnel/repositories-database'
import { sql, type Transaction } from 'kysely'
import { addNotifications, type NewNotification } from '../notifications/add-notifications.ts'
import { milliseconds } from '../sending/send-conditions.ts'
import { ALERT_COLUMNS, toStoredAlert, type AlertRow, type StoredAlert } from './stored-alert.ts'

/** What is sent about an alert. */
export type AlertEvent = 'raised' | 'reminder' | 'resolved'

/** What was seen of a condition. */
export interface SeenCondition {
  readonly name: string
  readonly holds: boolean
  /** JSON; kept with the alert. */
  readonly facts: object
  /** How long it has to hold before it is announced, and to be over before that is announced. */
  readonly afterMs: number
}

export interface NoteConditionOptions {
  /** Between two reminders of an alert that is not resolved; 0: none. */
  readonly remindMs: number
  readonly giveUpMs: number
  /** The notifications; called within the transaction. */
  readonly announce: (alert: StoredAlert, event: AlertEvent) => readonly NewNotification[]
}

/**
 * Notes whether a condition holds, and raises or resolves its alert: once, however many replicas look and whenever they die, for
 * all of it happens in one transaction that holds the row of the condition. All times are the database's.
 *
 * @returns what was announced; undefined where nothing was
 */
export async function noteCondition(
  { kysely }: Database,
  seen: SeenCondition,
  options: NoteConditionOptions,
): Promise<{ readonly alert: StoredAlert; readonly event: AlertEvent } | undefined> {
  return kysely.transaction().execute(async (trx) => {
    await sql`insert into alert_condition (name) values (${seen.name}) on conflict (name) do nothing`.execute(
      trx,
    )
    await markSince(trx, seen)
    const changed =
      (await (seen.holds ? raise(trx, seen) : resolve(trx, seen))) ??
      (seen.holds ? await remind(trx, seen, options.remindMs) : undefined)
    if (!changed) return undefined
    await addNotifications(trx, options.announce(changed.alert, changed.event), options.giveUpMs)
    return changed
  })
}

/** Locks the row. Of a clock that was set back, no time in the future is kept. */
async function markSince(trx: Transaction<Schema>, { name, holds }: SeenCondition): Promise<void> {
  const earlier = (column: string) =>
    sql`least(coalesce(${sql.ref(column)}, clock_timestamp()), clock_timestamp())`
  if (holds)
    await sql`update alert_condition set holds_since = ${earlier('holds_since')}, clear_since = null
      where name = ${name}`.execute(trx)
  else
    await sql`update alert_condition set clear_since = ${earlier('clear_since')},
      holds_since = case when exists (select from alert where condition = ${name} and resolved_at is null)
        then holds_since end
      where name = ${name}`.execute(trx)
}

async function raise(trx: Transaction<Schema>, { name, facts, afterMs }: SeenCondition) {
  const { rows } = await sql<AlertRow>`
    insert into alert (condition, facts, started_at)
    select name, ${JSON.stringify(facts)}::jsonb, holds_since from alert_condition
    where name = ${name} and holds_since <= clock_timestamp() - ${milliseconds(afterMs)}
      and not exists (select from alert where condition = ${name} and resolved_at is null)
    on conflict (condition) where resolved_at is null do nothing
    returning ${ALERT_COLUMNS}`.execute(trx)
  if (rows[0]) return { alert: toStoredAlert(rows[0]), event: 'raised' as const }
  await sql`update alert set facts = ${JSON.stringify(facts)}::jsonb
    where condition = ${name} and resolved_at is null`.execute(trx)
  return undefined
}

async function resolve(trx: Transaction<Schema>, { name, afterMs }: SeenCondition) {
  const { rows } = await sql<AlertRow>`
    update alert set resolved_at = greatest(c.clear_since, alert.started_at)
    from alert_condition c
    where c.name = ${name} and alert.condition = ${name} and alert.resolved_at is null
      and c.clear_since <= clock_timestamp() - ${milliseconds(afterMs)}
    returning ${ALERT_COLUMNS}`.execute(trx)
  if (!rows[0]) return undefined
  await sql`update alert_condition set holds_since = null where name = ${name}`.execute(trx)
  return { alert: toStoredAlert(rows[0]), event: 'resolved' as const }
}

async function remind(trx: Transaction<Schema>, { name }: SeenCondition, remindMs: number) {
  if (remindMs === 0) return undefined
  const { rows } = await sql<AlertRow>`
    update alert set reminded_at = clock_timestamp()
    where condition = ${name} and resolved_at is null
      and coalesce(reminded_at, raised_at) <= clock_timestamp() - ${milliseconds(remindMs)}
    returning ${ALERT_COLUMNS}`.execute(trx)
  return rows[0] && { alert: toStoredAlert(rows[0]), event: 'reminder' as const }
}
