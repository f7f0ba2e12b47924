import {
  AppError,
  parseTimeOfDay,
  parseTimestamp,
  type LocalWindow,
  type MailingEdit,
  type MailingInput,
} from '@runnel/contracts'
import type { AudienceFilter, MailingDraft } from '@runnel/repositories-mailings'
import { compileTemplate } from '../template/compile-template.ts'

/**
 * @param input fits its schema
 * @throws AppError invalid_field
 */
export function parseMailing(input: MailingInput, nowMs: number): MailingDraft {
  const { name = '', text, filter, window = null, ratePerSecond = null } = input
  compileTemplate(text)
  return {
    name,
    startMs: input.start === undefined ? Math.floor(nowMs) : toMs(input.start),
    endMs: toMs(input.end),
    text,
    ...parseFilter(filter),
    window: parseWindow(window),
    ratePerSecond,
  }
}

/**
 * @param edit fits its schema
 * @returns what it names
 * @throws AppError invalid_field
 */
export function parseEdit(edit: MailingEdit): Partial<MailingDraft> {
  const { name, start, end, text, filter, window, ratePerSecond } = edit
  if (text !== undefined) compileTemplate(text)
  return {
    ...(name !== undefined && { name }),
    ...(start !== undefined && { startMs: toMs(start) }),
    ...(end !== undefined && { endMs: toMs(end) }),
    ...(text !== undefined && { text }),
    ...(filter !== undefined && parseFilter(filter)),
    ...(window !== undefined && { window: parseWindow(window) }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
  }
}

/** A list that is left out is empty, and excludes no client. */
export function parseFilter(filter: MailingInput['filter']): AudienceFilter {
  const { operatorCodes = [], tags = [] } = filter ?? {}
  return { operatorCodes: [...new Set(operatorCodes)], tags: [...new Set(tags)] }
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
