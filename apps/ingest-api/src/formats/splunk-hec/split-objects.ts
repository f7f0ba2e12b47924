import { AppError } from '@runnel/contracts'
import { isUtf8 } from 'node:buffer'
import { beginsAsArray, skipBlanks, splitArray } from '../split-array.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OBJECT_START = 0x7b
const OBJECT_END = 0x7d

/**
 * The texts of JSON objects that stand one behind the other, with or without blanks between them, or in an array. What is
 * malformed inside of an object costs that object; bytes outside of objects cost everything up to the next object.
 *
 * In bytes that are no UTF-8 as a whole, the objects that are can still be read: what separates them is ASCII.
 */
export function* splitObjects(bytes: Buffer, maxItems: number): Generator<string | AppError> {
  const isText = isUtf8(bytes)
  const text = withoutMark(bytes.toString(isText ? 'utf8' : 'latin1'))
  for (const object of beginsAsArray(bytes) ? splitArray(text, maxItems) : objectsOf(text))
    yield isText || object instanceof AppError ? object : decodeObject(object)
}

function decodeObject(latin1: string): string | AppError {
  const bytes = Buffer.from(latin1, 'latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return new AppError('bad_encoding', 'The event is not valid UTF-8', { expected: 'UTF-8' })
}

/** In UTF-8, and as characters of its bytes. */
const MARKS = ['\ufeff', '\u00ef\u00bb\u00bf']

function withoutMark(text: string): string {
  const mark = MARKS.find((one) => text.startsWith(one))
  return mark === undefined ? text : text.slice(mark.length)
}

function* objectsOf(text: string): Generator<string | AppError> {
  for (let start = skipBlanks(text, 0); start < text.length;) {
    if (text.charCodeAt(start) === OBJECT_START) {
      const end = endOfObject(text, start)
      yield text.slice(start, end)
      start = skipBlanks(text, end)
    } else {
      yield new AppError('bad_json', 'This is not a JSON object', { expected: 'JSON objects' })
      const next = text.indexOf('{', start)
      start = next < 0 ? text.length : next
    }
  }
}

/** @returns the index behind the bracket that ends the object; of the end of the text where none does */
function endOfObject(text: string, start: number): number {
  let depth = 0
  for (let i = start; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === QUOTE) i = endOfString(text, i)
    else if (unit === OBJECT_START) depth++
    else if (unit === OBJECT_END && --depth === 0) return i + 1
  }
  return text.length
}

/** @returns the index of the quote that ends the string; of the end of the text where none does */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === QUOTE) return i
    if (unit === BACKSLASH) i++
  }
  return text.length
}
