import type { ChannelName, LocalWindow, MailingStatus } from '@runnel/contracts'
import type { Selectable } from 'kysely'
import type { Schema } from '@runnel/repositories-database'
import type { AudienceFilter } from './audience-filter.ts'

/** What people say about a mailing. Times in milliseconds since 1970. */
export interface MailingDraft extends AudienceFilter {
  readonly name: string
  readonly startMs: number
  readonly endMs: number
  /** Liquid template. */
  readonly text: string
  /** Template of the subject; null: the channel has none. */
  readonly subject?: string | null
  /** Null: all day. */
  readonly window: LocalWindow | null
  readonly ratePerSecond: number | null
}

/** How it stands with the approval of a second person. */
interface MailingApproval {
  /** Whether it reached too many recipients when it was due. */
  readonly needed: boolean
  /** Whether nothing is sent before another person approves it as it is. */
  readonly missing: boolean
  /** Of the last approval, which may be of an earlier version. */
  readonly by: string | null
  readonly atMs: number | null
}

/** A mailing as it is. */
export interface StoredMailing extends MailingDraft {
  readonly id: number
  readonly status: MailingStatus
  /** Counts the edits. */
  readonly version: number
  /** Messages made so far. */
  readonly messageCount: number
  /** Whether all of them are made. */
  readonly materialised: boolean
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly startedAtMs: number | null
  /** When it was completed, expired or cancelled. */
  readonly finishedAtMs: number | null
  /** When, after that, no message was open any more. */
  readonly settledAtMs: number | null
  /** The mailing of which this one is a test. */
  readonly testOf: number | null
  /** Why it was paused without a person: a short code. */
  readonly restReason: string | null
  /** Null where it needed none so far and has none. */
  readonly approval: MailingApproval | null
  readonly received: readonly number[]
  readonly notReceived: readonly number[]
  readonly channel: ChannelName
  readonly subject: string | null
}

export type MailingRow = Selectable<Schema['mailing']>

export function toMailing(row: MailingRow): StoredMailing {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    startMs: row.starts_at.getTime(),
    endMs: row.ends_at.getTime(),
    text: row.template,
    channel: row.channel,
    subject: row.subject,
    operatorCodes: row.operator_codes,
    tags: row.tags,
    received: row.received,
    notReceived: row.not_received,
    window: toWindow(row),
    ratePerSecond: row.rate_per_second,
    version: row.version,
    messageCount: row.message_count,
    materialised: row.materialised_at !== null,
    createdAtMs: row.created_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
    startedAtMs: row.started_at?.getTime() ?? null,
    finishedAtMs: row.finished_at?.getTime() ?? null,
    settledAtMs: row.settled_at?.getTime() ?? null,
    testOf: row.test_of,
    restReason: row.status === 'paused' ? row.rest_reason : null,
    approval: toApproval(row),
  }
}

function toApproval(row: MailingRow): MailingApproval | null {
  if (row.approval_wanted === null && row.approved_version === null) return null
  const needed = row.approval_wanted !== null
  const missing = needed && row.approved_version !== row.version
  return { needed, missing, by: row.approved_by, atMs: row.approved_at?.getTime() ?? null }
}

/** A check of the table keeps both null together. */
function toWindow(row: Pick<MailingRow, 'window_from' | 'window_to'>): LocalWindow | null {
  return row.window_from === null || row.window_to === null
    ? null
    : { from: row.window_from, to: row.window_to }
}

/** The columns of what people say. */
export function toColumns(draft: MailingDraft) {
  return {
    name: draft.name,
    starts_at: new Date(draft.startMs),
    ends_at: new Date(draft.endMs),
    template: draft.text,
    channel: draft.channel ?? 'gateway',
    subject: draft.subject ?? null,
    operator_codes: [...draft.operatorCodes],
    tags: [...draft.tags],
    received: [...(draft.received ?? [])],
    not_received: [...(draft.notReceived ?? [])],
    window_from: draft.window?.from ?? null,
    window_to: draft.window?.to ?? null,
    rate_per_second: draft.ratePerSecond,
  }
}
