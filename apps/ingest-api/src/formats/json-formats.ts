import { AppError, type JsonValue } from '@runnel/contracts'
import { readJson } from '@runnel/json'
import { skipBlanks } from './skip-blanks.ts'
import { splitArray } from './split-array.ts'

/**
 * What a body holds: the texts of its events as they were sent, most of which nobody has parsed yet. `single`: it was one event,
 * and is answered as one. `array`: it is JSON as a whole, or not at all. `lines`: one that is no JSON costs only itself.
 */
export interface DecodedBody {
  readonly form: 'single' | 'array' | 'lines'
  readonly texts: readonly string[]
  /** What the texts say, where that was cheaper to find out at once. */
  readonly values?: readonly JsonValue[]
}

/** Arrays up to this many characters are parsed as a whole: a hundred calls of JSON.parse cost more than one. */
const WHOLE_ARRAY_CHARS = 65_536

/**
 * Turns the text of a body into texts of events. Further wire formats plug in here. Reading may end beyond `limitItems`;
 * the caller checks the limit anyway.
 */
export type BodyDecoder = (text: string, limitItems: number) => DecodedBody

/** One object, or an array of them. */
const decodeJson: BodyDecoder = (text, limitItems) => {
  const texts = splitArray(text, limitItems)
  if (texts === undefined) return { form: 'single', texts: [text] }
  if (text.length > WHOLE_ARRAY_CHARS) return { form: 'array', texts }
  return { form: 'array', texts, values: readJson(text) as JsonValue[] }
}

/** One JSON value a line; blank lines are nothing. */
const decodeNdjson: BodyDecoder = (text, limitItems) => {
  const texts: string[] = []
  for (let start = skipBlanks(text, 0); start < text.length && texts.length <= limitItems;) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const line = text.slice(start, end)
    if (line.trim() !== '') texts.push(line)
    start = skipBlanks(text, end + 1)
  }
  return { form: 'lines', texts }
}

export function tooManyItems(limitItems: number): AppError {
  return new AppError('too_many_items', `The body holds more than ${limitItems} events`, {
    expected: `at most ${limitItems} events`,
  })
}

const DECODERS: ReadonlyMap<string, BodyDecoder> = new Map([
  ['application/json', decodeJson],
  ['application/x-ndjson', decodeNdjson],
  ['application/ndjson', decodeNdjson],
  ['application/jsonl', decodeNdjson],
])

/** What bodies may be. */
export const MEDIA_TYPES: readonly string[] = [...DECODERS.keys()]

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
