import {
  eventTimeMs,
  judgeItem,
  ownKey,
  readProductVersion,
  type EventOperation,
  type JsonValue,
  type Kind,
  type NextEventId,
} from '@runnel/contracts'
import { checkJson, readJson } from '@runnel/json'
import { encodeEvent } from '@runnel/messaging'
import { eventTooLarge } from './event-too-large.ts'
import { identify, type ItemKey } from './item-key.ts'
import { nameKey } from './name-key.ts'

export interface AdmitOptions {
  readonly nextId: NextEventId
  readonly eventLimitBytes: number
  /** `place` while consumers run that know items of a batch by their place alone. */
  readonly keyForm: 'item' | 'place'
  /** Of the owner's idempotency keys, see nameKey. */
  readonly namespace?: string | undefined
}

/** An item of a body. */
export interface Item {
  readonly kind: Kind
  readonly operation: EventOperation | undefined
  readonly text: string
  /** What the text says, where that is known. */
  readonly value: JsonValue | undefined
  readonly key: ItemKey | undefined
}

/** An event with its name. */
export interface EncodedItem {
  readonly id: string
  /** As an envelope holds it. */
  readonly encoded: string
}

/** @throws AppError why it is refused */
export function admitItem(item: Item, options: AdmitOptions): EncodedItem {
  const { kind, operation, text } = item
  const value = item.value ?? readItem(text, options)
  checkJson(value, '', text, options.eventLimitBytes)
  const id = options.nextId()
  const judged = judgeItem(kind, operation ?? 'upsert', value, 'posted')
  if (kind === 'products') readProductVersion(judged, eventTimeMs(id))
  const own = ownKey(value)
  return encodeItem(id, own === undefined ? item : { ...item, key: { text: own } }, options)
}

/** @throws AppError; one that is too large is not even parsed */
export function readItem(text: string, { eventLimitBytes }: AdmitOptions): JsonValue {
  if (text.length > eventLimitBytes) throw eventTooLarge(eventLimitBytes)
  return readJson(text)
}

/** @throws AppError body_too_large; of nameKey */
export function encodeItem(
  id: string,
  { kind, operation, text, key }: Item,
  { eventLimitBytes: limitBytes, keyForm, namespace }: AdmitOptions,
): EncodedItem {
  const isNamed = key === undefined || key.namesEvent || keyForm === 'place'
  const identity = isNamed ? undefined : identify(kind, text, key)
  const encoded = encodeEvent(id, text, key && nameKey(key.text, namespace), operation, identity)
  if (encoded.length * 3 > limitBytes && Buffer.byteLength(encoded) > limitBytes) {
    throw eventTooLarge(limitBytes)
  }
  return { id, encoded }
}
