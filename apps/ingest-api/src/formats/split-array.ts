import { AppError } from '@runnel/contracts'
import { behindMark } from './shared/byte-order-mark.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const ARRAY_START = 0x5b
const ARRAY_END = 0x5d
const OBJECT_START = 0x7b
const OBJECT_END = 0x7d

/** @returns whether a body begins as an array, as bytes: the text of one that does not is never looked at here */
export function beginsAsArray(bytes: Buffer): boolean {
  let i = behindMark(bytes)
  while (isBlank(bytes[i]!)) i++
  return bytes[i] === ARRAY_START
}

/**
 * The texts of the items of an array, as they were sent: they are checked one by one, so that a large array never stops
 * the process. Where every text is JSON, so is the array.
 *
 * @param text that begins as an array
 * @param maxItems where there are more, reading ends behind them
 * @throws AppError bad_json where it does not end as an array
 */
export function splitArray(text: string, maxItems = Infinity): string[] {
  const start = skipBlanks(text, 0)
  const end = text.lastIndexOf(']')
  if (end < 0 || skipBlanks(text, end + 1) < text.length) {
    throw new AppError('bad_json', 'The array has no end', { expected: 'JSON' })
  }
  const items = splitItems(text, start + 1, end, maxItems)
  const isEmpty = items.length === 1 && skipBlanks(items[0]!, 0) === items[0]!.length
  return isEmpty ? [] : items
}

/** @returns the index of the first unit from there on that JSON does not take for a blank: JavaScript's trim takes more */
export function skipBlanks(text: string, from: number): number {
  let i = from
  while (isBlank(text.charCodeAt(i))) i++
  return i
}

/** Compared and not looked up: a body may be five million of them. */
function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09
}

function splitItems(text: string, from: number, end: number, maxItems: number): string[] {
  const items: string[] = []
  let depth = 0
  let start = from
  for (let i = from; i < end && items.length < maxItems; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = findEndOfString(text, i)
        break
      case ARRAY_START:
      case OBJECT_START:
        depth++
        break
      case ARRAY_END:
      case OBJECT_END:
        depth--
        break
      case COMMA:
        if (depth === 0) {
          items.push(text.slice(start, i))
          start = i + 1
        }
    }
  }
  items.push(text.slice(start, end))
  return items
}

/** @returns the index of the quote that ends the string which begins at `start`; of the end of the text where none does */
export function findEndOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) return i
    if (code === BACKSLASH) i++
  }
  return text.length
}
