import { isUtf8 } from 'node:buffer'
import type { OpenedFile } from './open-file.ts'
import { recogniseLogFields } from './log-fields.ts'
import { readLines, type Line } from './read-lines.ts'
import { MAX_ENTRY_BYTES, refuse, toEntry, type SourceEntry } from './source-entry.ts'

/**
 * Every line of a log file as a log event: `message` is the whole line, empty lines included. Bytes that are not
 * UTF-8 cannot stand in JSON; such a line is refused rather than altered.
 */
export async function* readLogs(file: OpenedFile): AsyncGenerator<SourceEntry> {
  let position = 0
  for await (const line of readLines(file.path, file.bytes, MAX_ENTRY_BYTES)) {
    position++
    yield toLog(line, position, file.eventId(position))
  }
}

function toLog(line: Line, position: number, eventId: string): SourceEntry {
  if (line === undefined) {
    return refuse(position, 'body_too_large', `the line is longer than ${MAX_ENTRY_BYTES} bytes`)
  }
  if (!isUtf8(line)) return refuse(position, 'bad_encoding', 'the line is not valid UTF-8')
  const message = line.toString('utf8')
  return toEntry('logs', position, { message, ...recogniseLogFields(message), eventId })
}
