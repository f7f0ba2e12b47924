import { AppError, HEADERS, MAX_KEY_BYTES, type EventOperation } from '@runnel/contracts'
import type { Message } from '@runnel/messaging'
import { hash } from 'node:crypto'

/** Any client may publish messages with any header: each is obeyed where it is ours or harmless, and these are counted. */
export const IGNORED_HEADERS = [HEADERS.replyTo, HEADERS.eventId] as const

export type IgnoredHeader = (typeof IGNORED_HEADERS)[number]

/**
 * @param isInbox whether a subject is an inbox of this installation: an answer goes nowhere else, least of all to a subject
 * that commands the broker
 */
export function readReplyTo(
  message: Message,
  isInbox: (subject: string) => boolean,
  ignore: (header: IgnoredHeader) => void,
): string | undefined {
  const subject = message.header(HEADERS.replyTo)
  if (subject === undefined || isInbox(subject)) return subject
  ignore(HEADERS.replyTo)
  return undefined
}

/** @throws AppError for a word that is no operation: it may have meant a deletion */
export function readOperation(message: Message): EventOperation {
  const word = message.header(HEADERS.operation)?.toLowerCase() ?? ''
  if (word === '' || word === 'upsert') return 'upsert'
  if (word === 'delete') return 'delete'
  throw new AppError(
    'invalid_field',
    `The header ${HEADERS.operation} is not valid: expected upsert or delete`,
    {
      field: HEADERS.operation,
      expected: 'upsert or delete',
    },
  )
}

/** Longest word that a dead letter keeps as its operation. */
const MAX_OPERATION_CHARACTERS = 40

/** The operation of a message that may be unreadable otherwise: the word as it was sent where it is none that is known. */
export function readOperationWord(message: Message): string {
  const word = message.header(HEADERS.operation) ?? ''
  const known = word.toLowerCase()
  if (known === '') return 'upsert'
  return known === 'upsert' || known === 'delete' ? known : word.slice(0, MAX_OPERATION_CHARACTERS)
}

/** The key in the headers of a message without an envelope. An empty one does not count as a key: unrelated messages would share it. */
export function readRawKey(message: Message, isReplay: boolean): string | undefined {
  const given = message.header(HEADERS.eventKey)
  if (given !== undefined && given !== '') return decodeKey(given)
  const id = isReplay ? undefined : message.header(HEADERS.messageId)
  return id === undefined || id === '' ? undefined : keyOfMessageId(id)
}

function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    // Not percent-encoded by ingest-api: taken as it is.
    return encoded
  }
}

/** The broker takes any id. One that is too long for a key, or cannot be stored as one, stands for itself by its hash. */
function keyOfMessageId(id: string): string {
  const isKey = Buffer.byteLength(id) <= MAX_KEY_BYTES && id.isWellFormed() && !id.includes('\0')
  return isKey ? id : `sha256:${hash('sha256', id, 'hex')}`
}
