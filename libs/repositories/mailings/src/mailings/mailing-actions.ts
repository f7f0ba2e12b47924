import { AppError } from '@runnel/contracts'
import type { Transaction } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import type { Schema } from '@runnel/repositories-database'
import { writeAudit } from '../write-audit.ts'
import { requireApproved } from './approve-mailing.ts'
import { checkTimes } from './check-times.ts'
import { type Act, type ActResult, lockMailing, requireStatus, updateMailing } from './lock-mailing.ts'
import { type MailingRow, toMailing } from './stored-mailing.ts'

type Change = (row: MailingRow, act: Act) => Partial<MailingRow> | undefined

/**
 * A draft is to start by itself. One that has started holds that already: the start may have come between two tries.
 *
 * @throws AppError not_found, conflict, invalid_field where its end has passed
 */
export function scheduleMailing(database: Database, id: number, act: Act): Promise<ActResult> {
  return change(database, id, act, 'schedule', (row, { nowMs }) => {
    if (row.status === 'scheduled' || row.status === 'running') return undefined
    requireStatus(row, ['draft'], 'scheduled')
    checkTimes({ startMs: row.starts_at.getTime(), endMs: row.ends_at.getTime() }, nowMs)
    return { status: 'scheduled' }
  })
}

/** It is a draft again, which does not start by itself. @throws AppError not_found, conflict once it has started */
export function unscheduleMailing(database: Database, id: number, act: Act): Promise<ActResult> {
  return change(database, id, act, 'unschedule', (row) => {
    if (row.status === 'draft') return undefined
    requireStatus(row, ['scheduled'], 'unscheduled')
    return { status: 'draft' }
  })
}

/** Nothing more is sent, within one block of messages, until it is resumed. @throws AppError not_found, conflict */
export function pauseMailing(database: Database, id: number, act: Act): Promise<ActResult> {
  return change(database, id, act, 'pause', (row) => {
    if (row.status === 'paused') return undefined
    requireStatus(row, ['running'], 'paused')
    return { status: 'paused' }
  })
}

/** @throws AppError not_found, conflict also where its end has passed */
export function resumeMailing(database: Database, id: number, act: Act): Promise<ActResult> {
  return change(database, id, act, 'resume', (row, { nowMs }) => {
    if (row.status === 'running') return undefined
    requireStatus(row, ['paused'], 'resumed')
    requireApproved(row)
    requireTimeLeft(row, nowMs)
    return { status: 'running', rest_reason: null }
  })
}

/**
 * Nothing more is sent, within one block of messages. What was open is settled by the schedule, unless there is nothing.
 *
 * @throws AppError not_found, conflict
 */
export function cancelMailing(database: Database, id: number, act: Act): Promise<ActResult> {
  return change(database, id, act, 'cancel', (row, { nowMs }) => {
    if (row.status === 'cancelled') return undefined
    requireStatus(row, ['draft', 'scheduled', 'running', 'paused'], 'cancelled')
    return cancelled(row, nowMs)
  })
}

/**
 * Hides a mailing for good, after cancelling one that has not ended. Its messages stay.
 *
 * @throws AppError not_found
 */
export function deleteMailing(database: Database, id: number, act: Act): Promise<ActResult> {
  return change(database, id, act, 'delete', (row, { nowMs }) => ({
    ...(row.finished_at === null && cancelled(row, nowMs)),
    deleted_at: new Date(nowMs),
  }))
}

/** @throws AppError conflict */
export function requireTimeLeft(row: MailingRow, nowMs: number): void {
  if (nowMs < row.ends_at.getTime()) return
  throw new AppError('conflict', 'The end of the mailing has passed', { field: 'end' })
}

/** One that has not started has no messages. */
function cancelled({ started_at }: MailingRow, nowMs: number): Partial<MailingRow> {
  const now = new Date(nowMs)
  return { status: 'cancelled', finished_at: now, ...(started_at === null && { settled_at: now }) }
}

/** @param decide returns what changes, or undefined where it holds already, or throws */
function change(
  database: Database,
  id: number,
  act: Act,
  action: string,
  decide: Change,
): Promise<ActResult> {
  return database.kysely.transaction().execute(async (trx: Transaction<Schema>) => {
    const row = await lockMailing(trx, id)
    const columns = decide(row, act)
    if (!columns) return { mailing: toMailing(row), changed: false }
    const mailing = await updateMailing(trx, id, act, columns)
    const detail = { from: row.status, to: mailing.status }
    await writeAudit(trx, { actor: act.actor, action, subject: 'mailing', subjectId: id, detail })
    return { mailing, changed: true }
  })
}
