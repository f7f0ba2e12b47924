import { AppError, isJsonObject } from '@runnel/contracts'
import { decodeUtf8, readJson } from '@runnel/json'
import type { OpenedFile } from './open-file.ts'
import { readLines, type Line } from './read-lines.ts'
import { MAX_ENTRY_BYTES, refuse, toEntry, type SourceEntry } from './source-entry.ts'

/** Every line of a file as a span in JSON. It needs no key: its ids are that. */
export async function* readSpans(file: OpenedFile): AsyncGenerator<SourceEntry> {
  let position = 0
  for await (const line of readLines(file.path, file.bytes, MAX_ENTRY_BYTES)) {
    position++
    yield toSpan(line, position, file.eventId(position))
  }
}

function toSpan(line: Line, position: number, eventId: string): SourceEntry {
  if (line === undefined) {
    return refuse(position, 'body_too_large', `the line is longer than ${MAX_ENTRY_BYTES} bytes`)
  }
  try {
    const item = readJson(decodeUtf8(line))
    if (!isJsonObject(item)) return refuse(position, 'invalid_field', 'the line is no JSON object')
    if ('eventId' in item) {
      return refuse(
        position,
        'invalid_field',
        'the span has an eventId of its own, which replay would replace',
      )
    }
    return toEntry('traces', position, { ...item, eventId })
  } catch (error) {
    if (error instanceof AppError) return refuse(position, error.code, error.message)
    throw error
  }
}
