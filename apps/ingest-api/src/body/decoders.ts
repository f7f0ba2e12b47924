import { AppError, isJsonObject, readJson, type JsonValue } from '@runnel/contracts'
import { splitArray } from './split-array.ts'

/** One event of a body with its text as it was sent, or why it is none. */
export type BodyItem = { readonly value: JsonValue; readonly text: string } | { readonly error: AppError }

/** What a body holds. `single`: it was one event, and is answered as one. */
export interface DecodedBody {
  readonly single: boolean
  readonly items: readonly BodyItem[]
}

/**
 * Turns the text of a body into events. Further wire formats plug in here. One that pays for each item stops beyond
 * `limitItems`; the caller checks the limit anyway.
 */
export type BodyDecoder = (text: string, limitItems: number) => DecodedBody

/** One object, or an array of them. */
const decodeJson: BodyDecoder = (text, limitItems) => {
  const value = readJson(text)
  if (Array.isArray(value)) return { single: false, items: pairWithTexts(value, text, limitItems) }
  if (isJsonObject(value)) return { single: true, items: [{ value, text }] }
  throw new AppError('invalid_field', 'The body is neither an object nor an array', {
    field: '',
    expected: 'an object or an array of objects',
  })
}

function pairWithTexts(values: readonly JsonValue[], text: string, limitItems: number): BodyItem[] {
  if (values.length > limitItems) throw tooManyItems(limitItems)
  const texts = splitArray(text)
  return values.map((value, i) => ({ value, text: texts[i]! }))
}

/**
 * One JSON value a line; blank lines are nothing. A line that is no JSON costs only itself, and that is some 10 us:
 * millions of them may not stop the process.
 */
const decodeNdjson: BodyDecoder = (text, limitItems) => {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length > limitItems) throw tooManyItems(limitItems)
  return { single: false, items: lines.map(decodeLine) }
}

export function tooManyItems(limitItems: number): AppError {
  return new AppError('too_many_items', `The body holds more than ${limitItems} events`, {
    expected: `at most ${limitItems} events`,
  })
}

function decodeLine(line: string): BodyItem {
  try {
    return { value: readJson(line), text: line }
  } catch (error) {
    if (error instanceof AppError) return { error }
    throw error
  }
}

const DECODERS: ReadonlyMap<string, BodyDecoder> = new Map([
  ['application/json', decodeJson],
  ['application/x-ndjson', decodeNdjson],
  ['application/ndjson', decodeNdjson],
  ['application/jsonl', decodeNdjson],
])

/**
 * @param contentType of the request; JSON where it names none
 * @throws AppError unsupported_media_type
 */
export function decoderFor(contentType: string | undefined): BodyDecoder {
  const decoder = DECODERS.get(contentType ?? 'application/json') ?? parseContentType(contentType ?? '')
  if (decoder) return decoder
  throw new AppError('unsupported_media_type', 'The content type is not understood', {
    field: 'content-type',
    expected: 'application/json or application/x-ndjson',
  })
}

function parseContentType(contentType: string): BodyDecoder | undefined {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase())
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return undefined
  return DECODERS.get(type)
}
