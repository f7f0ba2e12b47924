import { AppError, isJsonObject } from '@runnel/contracts'
import { decodeUtf8, readJson } from '@runnel/json'
import { MAX_ENTRY_BYTES, refuse, type Line } from '@runnel/producer-sim/sources'
import type { SendItem } from './send-item.ts'

/** How a line becomes an event: a JSON object, or the message of a log. */
export type LineForm = 'json' | 'text'

/**
 * Every line as an event. Empty lines are left out; numbers keep every digit.
 *
 * @param lines without their ends; undefined where one is too long
 */
export async function* readJsonLines(lines: AsyncIterable<Line>, form: LineForm): AsyncGenerator<SendItem> {
  let position = 0
  for await (const line of lines) {
    position++
    if (line === undefined)
      yield refuse(position, 'body_too_large', `the line is longer than ${MAX_ENTRY_BYTES} bytes`)
    else if (line.length > 0) yield readLine(line, position, form)
  }
}

function readLine(line: Buffer, position: number, form: LineForm): SendItem {
  try {
    const text = decodeUtf8(line)
    if (form === 'text') return { position, item: { message: text } }
    const item = readJson(text)
    if (isJsonObject(item)) return { position, item }
    return refuse(position, 'invalid_field', 'expected a JSON object on each line')
  } catch (error) {
    if (error instanceof AppError) return refuse(position, error.code, error.message)
    throw error
  }
}
