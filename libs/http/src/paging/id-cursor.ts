import { decodeCursor, encodeCursor, invalidCursor, type CursorList } from './cursor.ts'

/** Lists that are sorted by an id. */
export type IdList = Exclude<
  CursorList,
  'sortedProducts' | 'olderEvents' | 'newerEvents' | 'metricNames' | 'reports'
>

/**
 * Lists whose cursors were plain ids in the version before this one. The next version refuses those; by then the console
 * has to read one dead letter in another way than by a page that begins with it.
 */
const FORMERLY_PLAIN: ReadonlySet<IdList> = new Set<IdList>([
  'mailings',
  'mailingHistory',
  'retriedMessages',
  'clients',
  'imports',
  'importErrors',
  'deadLetters',
])

export function encodeIdCursor(list: IdList, id: number): string {
  return encodeCursor(list, String(id))
}

/**
 * For one version, plain ids (`17`) are accepted besides, in the lists of the message-dispatcher and of the dead letters:
 * a client may hold one from before an update.
 *
 * @returns the id behind or before which the page begins
 * @throws AppError invalid_cursor
 */
export function parseIdCursor(list: IdList, cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const isPlain = FORMERLY_PLAIN.has(list) && /^\d+$/.test(cursor)
  const text = isPlain ? cursor : decodeCursor(cursor, list).text
  if (!/^\d{1,20}$/.test(text) || !Number.isSafeInteger(Number(text))) throw invalidCursor()
  return Number(text)
}
