import { AppError } from '@runnel/contracts'

/**
 * The lists that cursors belong to, each with the letter that its cursors begin with: one of another list is recognised.
 * A letter keeps its meaning across versions.
 */
const LETTERS = {
  products: 'i',
  sortedProducts: 'p',
  messages: 'm',
  mailings: 'o',
  mailingHistory: 'h',
  mailingTexts: 't',
  audit: 'a',
  retriedMessages: 'r',
  clients: 'c',
  imports: 'j',
  importErrors: 'x',
  deadLetters: 'd',
  olderEvents: 'e',
  newerEvents: 'f',
  metricNames: 'n',
  reports: 'R',
  alerts: 'A',
  suppressions: 'S',
  suppressedAddresses: 'U',
  traces: 's',
  changedClients: 'C',
} as const

export type CursorList = keyof typeof LETTERS

const LISTS = new Map<string, CursorList>(
  Object.entries(LETTERS).map(([list, letter]) => [letter, list as CursorList]),
)

/** @param text what the list is sorted by. @returns a cursor, opaque to clients: base64url */
export function encodeCursor(list: CursorList, text: string): string {
  return Buffer.from(`${LETTERS[list]}${text}`).toString('base64url')
}

/**
 * Takes only what `encodeCursor` has written: base64 decoders accept many spellings of one text.
 *
 * @returns the text
 * @throws AppError invalid_cursor
 */
export function decodeCursor<L extends CursorList>(cursor: string, ...lists: L[]): { list: L; text: string } {
  const whole = Buffer.from(cursor, 'base64url').toString('utf8')
  const text = whole.slice(1)
  const list = LISTS.get(whole.slice(0, 1))
  if (list === undefined || encodeCursor(list, text) !== cursor) throw invalidCursor()
  if (!(lists as CursorList[]).includes(list)) throw cursorOfAnotherList()
  return { list: list as L, text }
}

const DETAILS = { field: 'cursor', expected: 'nextCursor or prevCursor of a page of this list' }

/** For text that no list has given out. */
export function invalidCursor(): AppError {
  return new AppError('invalid_cursor', `The cursor is not valid: expected ${DETAILS.expected}`, DETAILS)
}

export function cursorOfAnotherList(): AppError {
  return new AppError('invalid_cursor', 'This cursor belongs to another list', DETAILS)
}
