import { AppError, type Kind } from '@runnel/contracts'
import { describeRejection } from '../describe-rejection.ts'
import type { DecodedBody, DecodeRejection } from '../wire-format.ts'
import { decodePiece } from './shared/body-text.ts'

/**
 * The items of a batch that is not UTF-8 as a whole: only those that are not are refused.
 *
 * @param items with a character for each byte
 */
export function readDamaged(
  kind: Kind,
  items: readonly string[],
): Pick<DecodedBody, 'texts' | 'indexes' | 'rejected'> {
  const texts: string[] = []
  const indexes: number[] = []
  const rejected: DecodeRejection[] = []
  for (const [index, item] of items.entries()) {
    const text = decodePiece(Buffer.from(item, 'latin1'))
    if (text instanceof AppError) {
      rejected.push({ kind, ...describeRejection(index, text) })
    } else {
      texts.push(text)
      indexes.push(index)
    }
  }
  return { texts, indexes, rejected }
}
