import type { LogLines } from '@runnel/repositories-events'
import { encodeEventCursor } from '../params/event-cursor.ts'
import type { LogFormat } from './log-formats.ts'
import { LogWalk, type LogWalkOptions } from '../search/log-walk.ts'

export interface ExportOptions extends LogWalkOptions<LogLines> {
  readonly format: LogFormat
  readonly maxItems: number
}

/**
 * A file of entries, the newest first. While the client takes a page, the next one is read, and no more: these two are all that an export
 * keeps in memory. Ends with a line that says so where there are more entries than it may hold.
 *
 * @returns once the first page was read, so that a filter that is too slow is answered as one
 * @throws AppError
 */
export async function exportLogs(options: ExportOptions): Promise<AsyncGenerator<string>> {
  const walk = new LogWalk(options)
  const first = await walk.read(options.maxItems)
  return writePages(options, walk, first)
}

async function* writePages(
  { format, maxItems }: ExportOptions,
  walk: LogWalk<LogLines>,
  first: LogLines,
): AsyncGenerator<string> {
  let page = first
  let written = page.count
  yield format.head
  while (!walk.isAtEnd && written < maxItems) {
    const reading = walk.read(maxItems - written)
    // Of a client that has gone meanwhile.
    reading.catch(() => undefined)
    yield page.text
    page = await reading
    written += page.count
  }
  yield page.text
  if (!walk.isAtEnd) yield format.truncated(written, encodeEventCursor({ after: walk.after }))
}
