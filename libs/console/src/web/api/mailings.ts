import { getJson, type Answer } from './get-json.ts'
import type { Params } from './build-url.ts'
import { sendJson } from './send-json.ts'

export const MAILING_STATUSES = [
  'draft',
  'scheduled',
  'running',
  'paused',
  'completed',
  'expired',
  'cancelled',
] as const

export type MailingStatus = (typeof MAILING_STATUSES)[number]

/** In the order in which they are stacked and listed. */
export const MESSAGE_STATUSES = [
  'sent',
  'retry',
  'pending',
  'failed',
  'unknown',
  'expired',
  'cancelled',
] as const

export type MessageStatus = (typeof MESSAGE_STATUSES)[number]

export type StatusCounts = Readonly<Record<MessageStatus, number>>

/** Messages of something, by status. */
export interface Counted {
  readonly total: number
  readonly counts: StatusCounts
}

/** How far a mailing is. */
export interface MailingSummary extends Counted {
  readonly id: number
  readonly name: string
  readonly status: MailingStatus
  readonly start: string
  readonly end: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly settledAt: string | null
  readonly materialised: boolean
  /** Part of the clients that have been looked at, from 0 to 1. */
  readonly materialisedShare: number
}

export interface Groups<T> {
  readonly items: readonly (T & Counted)[]
  /** The smaller or older ones together. */
  readonly rest: Counted | null
}

export interface MailingStats extends MailingSummary {
  readonly ratePerSecond: number | null
  readonly estimatedFinish: string | null
  readonly byOperator: Groups<{ readonly operatorCode: string }>
  readonly byTag: Groups<{ readonly tag: string }>
  readonly byHour: Groups<{ readonly at: string }>
}

export interface AudienceFilter {
  readonly operatorCodes: readonly string[]
  readonly tags: readonly string[]
}

export interface LocalWindow {
  readonly from: string
  readonly to: string
}

export interface Mailing {
  readonly id: number
  readonly name: string
  readonly status: MailingStatus
  readonly start: string
  readonly end: string
  readonly text: string
  readonly filter: AudienceFilter
  readonly window: LocalWindow | null
  readonly ratePerSecond: number | null
  readonly version: number
  readonly messageCount: number
  readonly materialised: boolean
  readonly createdAt: string
  readonly updatedAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly settledAt: string | null
}

/** What a mailing is made of. */
export interface MailingInput {
  readonly name: string
  readonly text: string
  /** Left out: now. */
  readonly start?: string | undefined
  readonly end: string
  readonly filter: AudienceFilter
  readonly window: LocalWindow | null
  readonly ratePerSecond: number | null
  readonly draft?: boolean | undefined
}

export type MailingEdit = Partial<Omit<MailingInput, 'draft'>>

export interface HistoryEntry {
  readonly id: number
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly detail: unknown
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

const MAILINGS = '/api/v1/mailings'

export function getMailings(params: Params, signal: AbortSignal): Promise<Answer<Page<MailingSummary>>> {
  return getJson(`${MAILINGS}/stats`, params, signal)
}

export function getMailing(id: number, signal: AbortSignal): Promise<Answer<Mailing>> {
  return getJson(`${MAILINGS}/${id}`, {}, signal)
}

export function getMailingStats(id: number, signal: AbortSignal): Promise<Answer<MailingStats>> {
  return getJson(`${MAILINGS}/${id}/stats`, {}, signal)
}

export function getHistory(
  id: number,
  params: Params,
  signal: AbortSignal,
): Promise<Answer<Page<HistoryEntry>>> {
  return getJson(`${MAILINGS}/${id}/history`, params, signal)
}

/** @param key the same one makes one mailing, however often it is asked for */
export function createMailing(input: MailingInput, key: string): Promise<Mailing> {
  return sendJson('POST', MAILINGS, input, { headers: { 'idempotency-key': key } })
}

/** @param version the one that the edit was made from; another is refused */
export function editMailing(id: number, edit: MailingEdit, version: number): Promise<Mailing> {
  return sendJson('PATCH', `${MAILINGS}/${id}`, { ...edit, version })
}

export function deleteMailing(id: number): Promise<void> {
  return sendJson('DELETE', `${MAILINGS}/${id}`)
}

export type MailingAction = 'schedule' | 'pause' | 'resume' | 'cancel'

export function actOnMailing(id: number, action: MailingAction): Promise<Mailing> {
  return sendJson('POST', `${MAILINGS}/${id}/${action}`)
}

export type Retriable = 'failed' | 'unknown'

export interface RetryRequest {
  readonly include: readonly Retriable[]
  readonly cursor?: string | undefined
}

/** What one request of several has done. */
export interface Retried {
  readonly accepted: number
  /** Where the next one goes on; null: all are done. */
  readonly nextCursor: string | null
}

export function retryMailing(id: number, retry: RetryRequest, signal: AbortSignal): Promise<Retried> {
  return sendJson('POST', `${MAILINGS}/${id}/retry-failed`, retry, { signal })
}
