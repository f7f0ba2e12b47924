import type { MailingEdit, MailingInput } from '@runnel/contracts'
import type { Mailing, MailingWithWarnings } from '@runnel/contracts/api/mailing'
import type { MailingWarning } from '@runnel/contracts/api/mailing-warning'
import type { HistoryEntry } from '@runnel/contracts/api/mailing-history'
import type { Counted, MailingStats, MailingSummary } from '@runnel/contracts/api/mailing-stats'
import type { Message } from '@runnel/contracts/api/message'
import type { Page } from '@runnel/contracts/api/page'
import type { RetriedMessages } from '@runnel/contracts/api/retried-messages'
import { getJson, type Answer } from './get-json.ts'
import type { Params } from './build-url.ts'
import { sendJson } from './send-json.ts'

export type {
  Counted,
  HistoryEntry,
  Mailing,
  MailingEdit,
  MailingInput,
  MailingStats,
  MailingSummary,
  MailingWarning,
  MailingWithWarnings,
  RetriedMessages,
}

export type MailingStatus = Mailing['status']

export type MessageStatus = Message['status']

export type StatusCounts = Counted['counts']

/** In the order in which they are listed. */
export const MAILING_STATUSES = keysOf<MailingStatus>({
  draft: true,
  scheduled: true,
  running: true,
  paused: true,
  completed: true,
  expired: true,
  cancelled: true,
})

/** In the order in which they are stacked and listed. */
export const MESSAGE_STATUSES = keysOf<MessageStatus>({
  sent: true,
  retry: true,
  pending: true,
  failed: true,
  unknown: true,
  expired: true,
  cancelled: true,
})

/** All of them: the compiler reports one that is missing. */
function keysOf<T extends string>(names: Readonly<Record<T, true>>): readonly T[] {
  return Object.keys(names) as T[]
}

const MAILINGS = '/api/v1/mailings'

export function getMailings(params: Params, signal: AbortSignal): Promise<Answer<Page<MailingSummary>>> {
  return getJson(`${MAILINGS}/stats`, params, signal)
}

/** Mailings without their counts. */
export function listMailings(params: Params, signal: AbortSignal): Promise<Answer<Page<Mailing>>> {
  return getJson(MAILINGS, params, signal)
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
export function createMailing(input: MailingInput, key: string): Promise<MailingWithWarnings> {
  return sendJson('POST', MAILINGS, input, { headers: { 'idempotency-key': key } })
}

/** @param version the one that the edit was made from; another is refused */
export function editMailing(id: number, edit: MailingEdit, version: number): Promise<MailingWithWarnings> {
  return sendJson('PATCH', `${MAILINGS}/${id}`, { ...edit, version })
}

export function deleteMailing(id: number): Promise<void> {
  return sendJson('DELETE', `${MAILINGS}/${id}`)
}

export type MailingAction = 'schedule' | 'unschedule' | 'pause' | 'resume' | 'cancel'

export function actOnMailing(id: number, action: MailingAction): Promise<MailingWithWarnings> {
  return sendJson('POST', `${MAILINGS}/${id}/${action}`)
}

/** @param version the one that was read; another is refused */
export function approveMailing(id: number, version: number): Promise<Mailing> {
  return sendJson('POST', `${MAILINGS}/${id}/approve`, { version })
}

/** @param key the same one makes one test, however often it is asked for */
export function sendTest(id: number, phones: readonly string[], key: string): Promise<Mailing> {
  return sendJson('POST', `${MAILINGS}/${id}/test-sends`, { phones }, { headers: { 'idempotency-key': key } })
}

export type Retriable = 'failed' | 'unknown'

export interface RetryRequest {
  readonly include: readonly Retriable[]
  readonly cursor?: string | undefined
}

export function retryMailing(id: number, retry: RetryRequest, signal: AbortSignal): Promise<RetriedMessages> {
  return sendJson('POST', `${MAILINGS}/${id}/retry-failed`, retry, { signal })
}
