import { AppError } from '@runnel/contracts'
import { skipBlanks } from './skip-blanks.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const ARRAY_START = 0x5b
const ARRAY_END = 0x5d
const OBJECT_START = 0x7b
const OBJECT_END = 0x7d

/**
 * The texts of the items of an array, as they were sent: they are checked one by one, so that a large array never stops
 * the process. Where every text is JSON, so is the array.
 *
 * @param limitItems where there are more, reading ends behind them
 * @returns undefined where it is something else
 * @throws AppError bad_json where it begins as an array and does not end as one
 */
export function splitArray(text: string, limitItems = Infinity): string[] | undefined {
  const start = skipBlanks(text, 0)
  if (text.charCodeAt(start) !== ARRAY_START) return undefined
  const end = text.lastIndexOf(']')
  if (end < 0 || skipBlanks(text, end + 1) < text.length) {
    throw new AppError('bad_json', 'The array has no end', { expected: 'JSON' })
  }
  const items = splitItems(text, start + 1, end, limitItems)
  const isEmpty = items.length === 1 && skipBlanks(items[0]!, 0) === items[0]!.length
  return isEmpty ? [] : items
}

function splitItems(text: string, from: number, end: number, limitItems: number): string[] {
  const items: string[] = []
  let depth = 0
  let start = from
  for (let i = from; i < end && items.length < limitItems; i++) {
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

/** @returns the index of the quote that ends the string which begins at `start`; of the end where none does */
function findEndOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) return i
    if (code === BACKSLASH) i++
  }
  return text.length
}
