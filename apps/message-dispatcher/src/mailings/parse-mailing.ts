import {
  AppError,
  mergePatch,
  parseTimeOfDay,
  parseTimestamp,
  type LocalWindow,
  type MailingEdit,
  type MailingInput,
  type MailingPreview,
} from '@runnel/contracts'
import type { AudienceFilter, MailingDraft, StoredMailing } from '@runnel/repositories-mailings'
import { compileTemplate } from '../template/compile-template.ts'
import { parseChannel } from './parse-channel.ts'
import { presentWindow } from './present-mailing.ts'

/**
 * @param input fits its schema
 * @throws AppError invalid_field
 */
export function parseMailing(input: MailingInput, nowMs: number): MailingDraft {
  const { name = '', text, filter, window = null, ratePerSecond = null } = input
  const { channel = 'gateway', subject = null } = input
  compileTemplate(text)
  return {
    name,
    startMs: input.start === undefined ? Math.floor(nowMs) : toMs(input.start),
    endMs: toMs(input.end),
    text,
    ...parseChannel({ channel, subject }),
    ...parseFilter(filter),
    window: parseWindow(window),
    ratePerSecond,
  }
}

/**
 * @param preview fits its schema
 * @returns undefined where it does not say when it ends
 * @throws AppError invalid_field
 */
export function parseTimes(
  { start, end, window = null }: Pick<MailingPreview, 'start' | 'end' | 'window'>,
  nowMs: number,
): Pick<MailingDraft, 'startMs' | 'endMs' | 'window'> | undefined {
  if (end === undefined) return undefined
  const startMs = start === undefined ? Math.floor(nowMs) : toMs(start)
  return { startMs, endMs: toMs(end), window: parseWindow(window) }
}

/**
 * @param edit fits its schema
 * @returns what it makes of a mailing as that is stored by then: what it does not name, at any depth, stays. It throws AppError
 *   invalid_field
 * @throws AppError invalid_field
 */
export function parseEdit(edit: MailingEdit): (mailing: StoredMailing) => Partial<MailingDraft> {
  const { name, start, end, text, filter, window, ratePerSecond, channel, subject } = edit
  if (text !== undefined) compileTemplate(text)
  return (mailing) => ({
    ...(name !== undefined && { name }),
    ...(start !== undefined && { startMs: toMs(start) }),
    ...(end !== undefined && { endMs: toMs(end) }),
    ...(text !== undefined && { text }),
    ...((channel !== undefined || subject !== undefined) &&
      parseChannel({
        channel: channel ?? mailing.channel,
        subject: subject === undefined ? mailing.subject : subject,
      })),
    ...(filter !== undefined && mergeFilter(mailing, filter)),
    ...(window !== undefined && { window: mergeWindow(mailing.window, window) }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
  })
}

function mergeFilter(
  { operatorCodes, tags, received = [], notReceived = [] }: AudienceFilter,
  patch: Exclude<MailingEdit['filter'], undefined>,
): AudienceFilter {
  if (patch === null) return parseFilter({})
  const stored = {
    operatorCodes: [...operatorCodes],
    tags: [...tags],
    received: [...received],
    notReceived: [...notReceived],
  }
  return parseFilter(mergePatch(stored, patch))
}

function mergeWindow(
  stored: LocalWindow | null,
  patch: Exclude<MailingEdit['window'], undefined>,
): LocalWindow | null {
  if (patch === null) return null
  const { from, to } = mergePatch(stored === null ? {} : presentWindow(stored), patch)
  if (typeof from === 'string' && typeof to === 'string') return parseWindow({ from, to })
  if (stored === null && Object.keys(patch).length === 0) return null
  throw new AppError('invalid_field', 'The mailing has no window yet, and this one is not complete', {
    field: from === undefined ? '/window/from' : '/window/to',
    expected: 'both `from` and `to`, HH:MM',
  })
}

/** A list that is left out is empty, and excludes no client. */
export function parseFilter(filter: MailingInput['filter']): AudienceFilter {
  const { operatorCodes = [], tags = [], received = [], notReceived = [] } = filter ?? {}
  return {
    operatorCodes: [...new Set(operatorCodes)],
    tags: [...new Set(tags)],
    received: [...new Set(received)],
    notReceived: [...new Set(notReceived)],
  }
}

function parseWindow(window: { readonly from: string; readonly to: string } | null): LocalWindow | null {
  if (window === null) return null
  const [from, to] = [parseTimeOfDay(window.from), parseTimeOfDay(window.to)]
  if (from !== to) return { from, to }
  throw new AppError('invalid_field', 'The window is empty: it ends where it begins', {
    field: '/window/to',
    expected: 'another time than `from`; use null instead of a window for the whole day',
  })
}

/** The schema has refused anything else. */
function toMs(time: string): number {
  return parseTimestamp(time)!
}
