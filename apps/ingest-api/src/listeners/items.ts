import { isUtf8 } from 'node:buffer'
import type { ErrorCode, Kind } from '@runnel/contracts'
import type { DecodedBody, DecodeRejection } from '../wire-format.ts'
import type { Frame } from './frame.ts'
import type { ListenerLimits } from './settings.ts'

/** What one frame, line or datagram came to: an event as JSON text, or why it was refused. */
export type Item =
  | { readonly kind: Kind; readonly text: string }
  | { readonly kind: Kind; readonly code: ErrorCode; readonly message: string }

/** What an item costs beside its text. */
const ITEM_COST = 256

/** @returns how much memory an item takes, about, in bytes */
export function sizeOfItem(item: Item): number {
  return ITEM_COST + ('text' in item ? item.text.length : 0)
}

/** Items that were sent together, as admission takes them. */
export function toBody(items: readonly Item[], requestKey?: string): DecodedBody<undefined> {
  const texts: string[] = []
  const kinds: Kind[] = []
  const indexes: number[] = []
  const rejected: DecodeRejection[] = []
  for (const [index, item] of items.entries()) {
    if ('text' in item) {
      texts.push(item.text)
      kinds.push(item.kind)
      indexes.push(index)
    } else rejected.push({ index, ...item })
  }
  return {
    form: 'records',
    kinds,
    texts,
    indexes,
    rejected,
    context: undefined,
    ...(requestKey !== undefined && { requestKey }),
  }
}

/** @param kind under which it is counted */
export function refuse(kind: Kind, code: ErrorCode, message: string): Item {
  return { kind, code, message }
}

/** Reads text that may be damaged. @returns undefined where it is no UTF-8 */
export function readUtf8(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined
}

/** Of a frame that is not there to be read. */
export function describeLost(
  kind: Kind,
  frame: Exclude<Frame, Buffer>,
  { frameBytes }: ListenerLimits,
): Item {
  if (frame === 'incomplete') return refuse(kind, 'bad_request', 'The connection ended in the middle of it')
  return refuse(kind, 'body_too_large', `It is larger than ${frameBytes} bytes`)
}

export function badEncoding(kind: Kind): Item {
  return refuse(kind, 'bad_encoding', 'It is not valid UTF-8')
}
