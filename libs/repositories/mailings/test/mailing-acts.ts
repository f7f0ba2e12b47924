import type { MailingStatus } from '@runnel/contracts'
import type { Database } from '@runnel/repositories-database'
import { createMailing, type CreateOptions } from '../src/mailings/create-mailing.ts'
import type { ComputeZone } from '../src/mailings/edit-mailing.ts'
import type { Act } from '../src/mailings/lock-mailing.ts'
import type { MailingDraft, StoredMailing } from '../src/mailings/stored-mailing.ts'

export const NOON_MS = Date.parse('2026-03-01T12:00:00Z')
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export function actAt(nowMs: number, actor = 'ann'): Act {
  return { actor, nowMs }
}

/** An engine that is easy to foresee: minutes of the window are milliseconds from now. */
export const computeZone: ComputeZone = (nowMs, _timeZone, window) => ({
  openFromMs: nowMs + (window?.from ?? 0),
  openUntilMs: nowMs + (window?.to ?? 0),
})

/** A mailing for all clients from noon on, for a day. */
export async function createTestMailing(
  database: Database,
  draft: Partial<MailingDraft> = {},
  options: Partial<CreateOptions> = {},
): Promise<StoredMailing> {
  const { mailing } = await createMailing(
    database,
    {
      ...{
        name: 'Sale',
        startMs: NOON_MS,
        endMs: NOON_MS + DAY_MS,
        text: 'Hello',
        operatorCodes: [],
        tags: [],
      },
      ...{ window: null, ratePerSecond: null },
      ...draft,
    },
    { ...actAt(NOON_MS), draft: false, ...options },
  )
  return mailing
}

/** As if the schedule had brought it there. */
export async function setStatus({ kysely }: Database, id: number, status: MailingStatus): Promise<void> {
  const started = status !== 'draft' && status !== 'scheduled'
  const ended = started && status !== 'running' && status !== 'paused'
  await kysely
    .updateTable('mailing')
    .set({
      status,
      started_at: started ? new Date(NOON_MS) : null,
      finished_at: ended ? new Date(NOON_MS) : null,
    })
    .where('id', '=', id)
    .execute()
}
