import { AppError } from '@runnel/contracts'
import { BodyText } from '../shared/body-text.ts'
import { beginsAsArray, findEndOfString, skipBlanks, splitArray } from '../split-array.ts'

const QUOTE = 0x22
const OBJECT_START = 0x7b
const OBJECT_END = 0x7d

/**
 * The texts of JSON objects that stand one behind the other, with or without blanks between them, or in an array. What is
 * malformed inside of an object costs that object; bytes outside of objects cost everything up to the next object.
 */
export function* splitObjects(bytes: Buffer, maxItems: number): Generator<string | AppError> {
  const body = new BodyText(bytes)
  for (const object of beginsAsArray(bytes) ? splitArray(body.text, maxItems) : objectsOf(body.text))
    yield object instanceof AppError ? object : body.tryRead(object)
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
    if (unit === QUOTE) i = findEndOfString(text, i)
    else if (unit === OBJECT_START) depth++
    else if (unit === OBJECT_END && --depth === 0) return i + 1
  }
  return text.length
}
