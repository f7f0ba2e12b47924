import { AppError, type LocalWindow, type MailingStatus } from '@runnel/contracts'
import { sql, type Transaction } from 'kysely'
import type { Database } from '@runnel/repositories-database'
import type { Schema } from '@runnel/repositories-database'
import { requireMailings } from './require-mailings.ts'
import { writeAudit } from '../write-audit.ts'
import { keepText } from './list-mailing-texts.ts'
import { withAuthors } from './author-names.ts'
import { checkTimes } from './check-times.ts'
import {
  type Act,
  type ActResult,
  lockMailing,
  requireStatus,
  updateMailing,
  wrongState,
} from './lock-mailing.ts'
import {
  type MailingDraft,
  type MailingRow,
  type StoredMailing,
  toColumns,
  toMailing,
} from './stored-mailing.ts'

/** A window as instants, in milliseconds since 1970: open from one until before the other. */
interface OpenWindow {
  readonly openFromMs: number
  readonly openUntilMs: number
}

/** The engine that knows time zones. @returns the window that is open at `nowMs`, or else the next one */
export type ComputeZone = (nowMs: number, timeZone: string, window: LocalWindow | null) => OpenWindow

export interface EditOptions extends Act {
  /** The version that the editor has seen. */
  readonly version?: number | undefined
  readonly computeZone: ComputeZone
  /** Judges the mailing as it is stored; what it throws is thrown. Default: any may be edited. */
  readonly requireAllowed?: (before: StoredMailing) => void
}

/** One that was cancelled is over for good. */
const EDITABLE: readonly MailingStatus[] = ['draft', 'scheduled', 'running', 'paused', 'completed', 'expired']

/** What stands once the audience is fixed and messages are made. */
const FIXED_AT_START = [
  'channel',
  'startMs',
  'operatorCodes',
  'tags',
  'received',
  'notReceived',
] as const satisfies readonly (keyof MailingDraft)[]

/**
 * Changes what `edit` makes of the mailing as it is stored, where that differs; what `edit` throws is thrown here. A mailing that has started keeps its start and its filter; messages that are not
 * sent yet go by what is changed here. One that has expired goes on where its end is moved into the future.
 *
 * @throws AppError not_found, conflict for another version and for what may not be changed any more, invalid_field
 */
export function editMailing(
  database: Database,
  id: number,
  edit: (mailing: StoredMailing) => Partial<MailingDraft>,
  options: EditOptions,
): Promise<ActResult> {
  const { actor, nowMs, version, computeZone } = options
  return database.kysely.transaction().execute(async (trx) => {
    const row = await lockMailing(trx, id)
    const before = toMailing(row)
    options.requireAllowed?.(before)
    requireVersion(before, version)
    const changes = findChanges(before, edit(before))
    requireStatus(row, EDITABLE, 'edited')
    if (Object.keys(changes).length === 0) return { mailing: before, changed: false }
    if (before.startedAtMs !== null) requireUnfixed(before, changes)
    const after = { ...before, ...changes }
    const hasNewTimes = 'startMs' in changes || 'endMs' in changes
    if (hasNewTimes) checkTimes(after, nowMs)
    await requireMailings(trx, changes)
    const columns = {
      ...toColumns(after),
      ...(hasNewTimes && before.status === 'expired' && reopened(before)),
      version: before.version + 1,
      authors: withAuthors(row.authors, options),
    }
    const mailing = await updateMailing(trx, id, options, columns)
    if ('text' in changes || 'subject' in changes) await keepText(trx, mailing, nowMs)
    if ('window' in changes) await moveZones(trx, mailing, nowMs, computeZone)
    await writeAudit(trx, {
      actor,
      action: 'edit',
      subject: 'mailing',
      subjectId: id,
      detail: {
        version: mailing.version,
        changes,
        ...(mailing.status !== before.status && { from: before.status, to: mailing.status }),
      },
    })
    return { mailing, changed: true }
  })
}

/** Its new end is to come: it goes on, and its expired messages are opened again, block by block, by `reopenBlock`. */
function reopened({ startedAtMs }: StoredMailing): Partial<MailingRow> {
  const open = { finished_at: null, settled_at: null }
  return startedAtMs === null
    ? { ...open, status: 'scheduled' }
    : { ...open, status: 'running', reopen_after: 0 }
}

function requireVersion(mailing: StoredMailing, version: number | undefined): void {
  if (version === undefined || version === mailing.version) return
  throw new AppError('conflict', `The mailing was changed meanwhile: it has version ${mailing.version}`, {
    field: '/version',
    expected: String(mailing.version),
  })
}

/** Sending again what one has read changes nothing. */
function findChanges(before: StoredMailing, patch: Partial<MailingDraft>): Partial<MailingDraft> {
  const differing = Object.entries(patch).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof MailingDraft]),
  )
  return Object.fromEntries(differing)
}

/** Others are members of the filter. */
const FIELDS: Readonly<Partial<Record<keyof MailingDraft, string>>> = {
  startMs: '/start',
  channel: '/channel',
}

function requireUnfixed(mailing: StoredMailing, changes: Partial<MailingDraft>): void {
  const fixed = FIXED_AT_START.find((name) => name in changes)
  if (fixed === undefined) return
  const field = FIELDS[fixed] ?? `/filter/${fixed}`
  const { code, message, details } = wrongState(
    mailing,
    `given another ${field.slice(1)}`,
    'draft or scheduled',
  )
  throw new AppError(code, message, { ...details, field })
}

/** Every zone that the mailing has reached gets its window anew. */
async function moveZones(
  trx: Transaction<Schema>,
  { id, window }: StoredMailing,
  nowMs: number,
  computeZone: ComputeZone,
): Promise<void> {
  const zones = await trx
    .selectFrom('mailing_zone')
    .select('time_zone')
    .where('mailing_id', '=', id)
    .execute()
  if (zones.length === 0) return
  const windows = zones.map(({ time_zone }) => {
    const { openFromMs, openUntilMs } = computeZone(nowMs, time_zone, window)
    return { time_zone, open_from: new Date(openFromMs), open_until: new Date(openUntilMs) }
  })
  await sql`
    update mailing_zone z set open_from = w.open_from, open_until = w.open_until
    from json_to_recordset(${JSON.stringify(windows)}::json)
      as w(time_zone text, open_from timestamptz, open_until timestamptz)
    where z.mailing_id = ${id} and z.time_zone = w.time_zone`.execute(trx)
}
