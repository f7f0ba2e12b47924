import { EMPTY } from '../shared/empty-text.ts'
import type { Origin } from './origin.ts'
import type { WrittenEvent } from './signal.ts'
import type { WrittenAttributes } from './write-attributes.ts'

/** What a log record says, as far as it has become text. What is empty, 0 or undefined has no member. */
export interface LogParts {
  readonly timestamp: string | undefined
  readonly observedTimestamp: string | undefined
  readonly severityNumber: number
  /** JSON. */
  readonly severityText: string
  /** Message, name of the event and body: members with commas behind them. */
  readonly content: string
  readonly attributes: WrittenAttributes
  /** Hexadecimal. */
  readonly traceId: string | undefined
  readonly spanId: string | undefined
  readonly flags: number
  readonly droppedAttributesCount: number
  /** Admission has nothing to say about content and severityText. */
  readonly isPlain: boolean
}

/** By severity numbers, four to a level. */
export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

/**
 * severityText without a number is read as the level by the table of log members. The text is put together from those of its members: to
 * make values of them and text of the values takes three times as long.
 */
export function writeLogText(parts: LogParts, { written: { scope } }: Origin): WrittenEvent {
  const { timestamp, severityNumber, severityText, content, observedTimestamp } = parts
  const { attributes, service, resource, isPlain } = parts.attributes
  const level = LEVELS[(severityNumber - 1) >> 2]
  let text = timestamp === undefined ? '{' : `{"timestamp":"${timestamp}",`
  if (level !== undefined) text += `"level":"${level}",`
  if (service !== undefined) text += `"service":${service},`
  text += `${content}"attributes":${attributes}`
  // INFO2 is no less info than INFO, but it is another number.
  if (severityNumber !== 0 && (severityNumber - 1) % 4 !== 0) text += `,"severityNumber":${severityNumber}`
  if (severityText !== EMPTY) text += `,"severityText":${severityText}`
  text += writeContext(parts)
  if (observedTimestamp !== undefined) text += `,"observedTimestamp":"${observedTimestamp}"`
  if (scope !== undefined) text += `,"scope":${scope}`
  if (resource !== undefined) text += `,"resource":${resource}`
  return { text: `${text}}`, isPlain: isPlain && parts.isPlain }
}

/** Members with commas before them. */
function writeContext({ traceId, spanId, flags, droppedAttributesCount }: LogParts): string {
  let text = ''
  if (traceId !== undefined) text += `,"traceId":"${traceId}"`
  if (spanId !== undefined) text += `,"spanId":"${spanId}"`
  if (flags !== 0) text += `,"flags":${flags}`
  if (droppedAttributesCount !== 0) text += `,"droppedAttributesCount":${droppedAttributesCount}`
  return text
}
