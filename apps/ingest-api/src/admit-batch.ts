import { AppError, type Kind } from '@runnel/contracts'
import { EventKeyPrefix } from '@runnel/messaging'
import { admitItem, encodeItem, type AdmitOptions, type Item } from './admit-item.ts'
import { AdmittedBatch, type Admission } from './admitted-events.ts'
import { describeRejection } from './describe-rejection.ts'
import { eventTooLarge } from './event-too-large.ts'
import { bodyKeyPrefix, keyAt, keyOfPlace, type ItemPlace } from './item-key.ts'
import { nameKey } from './name-key.ts'
import type { DecodedBody, RejectedItem } from './wire-format.ts'
import { sizeAt, sizeOfAll, textAt, WrittenTexts } from './written-texts.ts'

/** What an item costs beside its characters, in characters. */
const ITEM_COST = 256

/** Pauses may come after as many. */
const STEP_COST = 16_384

/** What an envelope has beside the text of an event with a key of its body, more or less. */
const ENVELOPE_BYTES = 128

/** @returns steps, to be interrupted at will. @throws AppError what is wrong with a document as a whole */
export function* admitBatch(
  body: DecodedBody,
  requestKey: string | undefined,
  options: AdmitOptions,
): Generator<void, Admission> {
  const admission = new GrowingAdmission(body, requestKey, options)
  while (admission.admitSome()) yield
  if (body.texts instanceof WrittenTexts) body.texts.release()
  return admission.finish()
}

class GrowingAdmission implements Admission {
  readonly admitted: AdmittedBatch
  readonly admittedKinds: Kind | Kind[]
  readonly rejected: RejectedItem[]
  readonly rejectedKinds: Kind | Kind[]
  readonly #body: DecodedBody
  readonly #requestKey: string | undefined
  readonly #options: AdmitOptions
  /** Of texts that have a key of their request in common: see ItemKey. */
  readonly #seen = new Map<string, number>()
  readonly #place: ItemPlace = { index: -1, number: 0 }
  /** Of events that need no look and have no key but that of their body; undefined where there is no such key. */
  readonly #keyPrefix: EventKeyPrefix | undefined
  readonly #writeId: AdmitOptions['nextId']['write']
  #at = 0

  /** With the items that never became an event. */
  constructor(body: DecodedBody, requestKey: string | undefined, options: AdmitOptions) {
    const { kinds, texts, rejected = [], bodyKey } = body
    this.#body = body
    this.#requestKey = requestKey
    this.#options = options
    this.#keyPrefix =
      bodyKey === undefined
        ? undefined
        : new EventKeyPrefix(nameKey(bodyKeyPrefix(bodyKey), options.namespace))
    // Events of requests with a key are told apart by what they say.
    this.#writeId = requestKey === undefined ? options.nextId.write : undefined
    this.admitted = new AdmittedBatch((texts.length + 1) * ENVELOPE_BYTES + sizeOfAll(texts))
    this.admittedKinds = typeof kinds === 'string' ? kinds : []
    this.rejected = rejected.map(({ kind: _, ...item }) => item)
    this.rejectedKinds =
      typeof kinds === 'string' && rejected.length === 0 ? kinds : rejected.map(({ kind }) => kind)
  }

  /** A function of its own, for the hot loop is slower in a generator. @returns whether there is more */
  admitSome(): boolean {
    const { texts, indexes } = this.#body
    for (let cost = 0; this.#at < texts.length && cost <= STEP_COST; this.#at++) {
      const index = indexes === undefined ? this.#at : indexes[this.#at]!
      this.#place.number = index === this.#place.index ? this.#place.number + 1 : 0
      this.#place.index = index
      this.#admit(this.#at, index)
      cost += sizeAt(texts, this.#at) + ITEM_COST
    }
    return this.#at < texts.length
  }

  finish(): Admission {
    // Kinds are only counted: they need no order.
    if (this.#body.rejected !== undefined) this.rejected.sort((one, other) => one.index - other.index)
    const { admitted, admittedKinds, rejected, rejectedKinds } = this
    return { admitted, admittedKinds, rejected, rejectedKinds }
  }

  #admit(i: number, index: number): void {
    const { form, kinds } = this.#body
    const kind = typeof kinds === 'string' ? kinds : kinds[i]!
    try {
      this.#encode(i, kind)
      this.admitted.indexes.push(index)
      if (typeof this.admittedKinds !== 'string') this.admittedKinds.push(kind)
    } catch (error) {
      if (!(error instanceof AppError) || (form === 'document' && error.code === 'bad_json')) throw error
      this.rejected.push(describeRejection(index, error))
      if (typeof this.rejectedKinds !== 'string') this.rejectedKinds.push(kind)
    }
  }

  /** @throws AppError why the event is refused */
  #encode(i: number, kind: Kind): void {
    const { texts, values, plain, operations, keys, bodyKey } = this.#body
    const own = keys?.[i]
    const isPlain = plain?.[i] === true
    if (isPlain && own === undefined && this.#writeId !== undefined) return this.#write(i, this.#writeId)
    const text = textAt(texts, i)
    const key = keyAt(own, this.#requestKey, i, this.#seen) ?? keyOfPlace(bodyKey, this.#place)
    const item: Item = {
      kind,
      operation: isPlain ? undefined : operations?.[i],
      text,
      value: values?.[i],
      key,
    }
    const { encoded } = isPlain
      ? encodeItem(this.#options.nextId(), item, this.#options)
      : admitItem(item, this.#options)
    this.admitted.encoded.addText(encoded)
  }

  /** The hot path. */
  #write(i: number, writeId: NonNullable<AdmitOptions['nextId']['write']>): void {
    const { index, number } = this.#place
    const { encoded } = this.admitted
    const { texts } = this.#body
    const from = texts instanceof WrittenTexts ? texts.fromAt(i) : -1
    const bytes =
      texts instanceof WrittenTexts && from >= 0
        ? encoded.addBytes(writeId, this.#keyPrefix, index, number, texts.bytes, from, texts.toAt(i))
        : encoded.add(writeId, this.#keyPrefix, index, number, textAt(texts, i))
    if (bytes <= this.#options.eventLimitBytes) return
    encoded.removeLast()
    throw eventTooLarge(this.#options.eventLimitBytes)
  }
}
