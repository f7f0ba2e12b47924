import { isUtf8 } from 'node:buffer'
import type { Kind } from '@runnel/contracts'
import type { DecodedBody, DecodeRejection } from '../wire-format.ts'

/** U+FEFF in UTF-8, read byte by byte. */
export const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf'

/**
 * The items of a batch that is not UTF-8 as a whole: only those that are not are refused. What separates items is ASCII,
 * and in UTF-8 no other character contains an ASCII byte, so that bytes can be split before they are text.
 *
 * @param split the texts of the items, of the body with a character for each byte
 */
export function splitDamaged(
  bytes: Buffer,
  kind: Kind,
  split: (text: string) => string[],
): Pick<DecodedBody, 'texts' | 'indexes' | 'rejected'> {
  const text = bytes.toString('latin1')
  const texts: string[] = []
  const indexes: number[] = []
  const rejected: DecodeRejection[] = []
  const items = split(text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text)
  for (const [index, item] of items.entries()) {
    const itemBytes = Buffer.from(item, 'latin1')
    if (isUtf8(itemBytes)) {
      texts.push(itemBytes.toString())
      indexes.push(index)
    } else rejected.push({ index, kind, code: 'bad_encoding', message: 'The item is not valid UTF-8' })
  }
  return { texts, indexes, rejected }
}
