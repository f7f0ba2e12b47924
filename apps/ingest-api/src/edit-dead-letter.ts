import {
  AppError,
  encodeItemIdentity,
  hashItemText,
  judgeItem,
  parseItemIdentity,
  type EventOperation,
  type Kind,
} from '@runnel/contracts'
import { checkJson, readJson } from '@runnel/json'
import type { StoredDeadLetter } from '@runnel/repositories-events'
import { eventTooLarge } from './event-too-large.ts'

/**
 * A dead letter with another text, to be replayed in its place: the same event, whose key names what it says now. The letter that is
 * stored stays as it is until the event is stored.
 *
 * @param text JSON
 * @throws AppError conflict for a letter that is no single event; else what would keep the text from being stored
 */
export function editDeadLetter(letter: StoredDeadLetter, text: string, limitBytes: number): StoredDeadLetter {
  if (letter.form === 'entry' || letter.form === 'envelope') throw notSingle(letter)
  const payload = Buffer.from(text)
  if (payload.length > limitBytes) throw eventTooLarge(limitBytes)
  const value = readJson(text)
  checkJson(value, '', text, limitBytes)
  const origin = letter.form === 'item' ? 'posted' : 'raw'
  judgeItem(letter.kind as Kind, letter.operation as EventOperation, value, origin)
  const item = parseItemIdentity(letter.item)
  return {
    ...letter,
    payload,
    item: item ? encodeItemIdentity({ ...item, hash: hashItemText(text) }) : letter.item,
  }
}

function notSingle({ id, form }: StoredDeadLetter): AppError {
  return new AppError(
    'conflict',
    `Dead letter ${id} cannot be edited: it is ${form === 'envelope' ? 'an envelope' : 'part of an envelope'}. ` +
      'Publish its events again, and delete the letter',
    { field: 'payload' },
  )
}
