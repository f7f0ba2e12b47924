import {
  AppError,
  isJsonObject,
  MAX_KEY_BYTES,
  ownKey,
  validateItem,
  type EventOperation,
  type JsonValue,
  type Kind,
  type NextEventId,
} from '@runnel/contracts'
import { checkJson, readJson } from '@runnel/json'
import { encodeEvent } from '@runnel/messaging'
import { inSlices } from '@runnel/runtime'
import type { DecodedBody } from './body/decoders.ts'

/** An event that may go to the broker. */
export interface AdmittedEvent {
  /** Its place in the body. */
  readonly index: number
  readonly id: string
  /** As an envelope holds it. */
  readonly encoded: string
}

/** An item that was refused, as the caller is told. */
export interface RejectedItem {
  readonly index: number
  readonly code: string
  readonly message: string
  readonly field?: string
}

export interface Admission {
  readonly admitted: readonly AdmittedEvent[]
  readonly rejected: readonly RejectedItem[]
}

export interface AdmitOptions {
  readonly kind: Kind
  readonly nextId: NextEventId
  /** Idempotency-Key of the request; items of a batch get `key#index`, unless they name an eventId. */
  readonly requestKey: string | undefined
  readonly eventLimitBytes: number
}

/**
 * The gate: what passes is checked, named and ready to travel. A refused item of a batch costs only itself. A large body
 * is admitted in slices: it may not stop the process.
 *
 * @returns at once where that took no longer than a slice
 * @throws AppError what is wrong with a single event or with the array as a whole, or nothing_accepted when no item of a
 * batch is right
 */
export function admit(body: DecodedBody, options: AdmitOptions): Admission | Promise<Admission> {
  if (body.form !== 'single') return inSlices(admitBatch(body, options))
  const value = readItem(body.texts[0]!, options)
  requireObject(value)
  const event = admitItem(body.texts[0]!, value, 0, options.requestKey, options)
  return { admitted: [event], rejected: [] }
}

/** What an item costs beside its characters, in characters. */
const ITEM_COST = 256

/** Pauses may come after as many. */
const STEP_COST = 16_384

function* admitBatch(body: DecodedBody, options: AdmitOptions): Generator<void, Admission> {
  const admission = { admitted: [] as AdmittedEvent[], rejected: [] as RejectedItem[] }
  for (let from = 0; from < body.texts.length;) {
    from = admitSome(body, from, options, admission)
    yield
  }
  const { admitted, rejected } = admission
  if (admitted.length === 0) {
    throw new AppError('nothing_accepted', 'No item of the batch can be accepted', { extra: { rejected } })
  }
  return admission
}

/** A function of its own, for the hot loop is slower in a generator. @returns the index behind the last item that it took */
function admitSome(
  { form, texts, values }: DecodedBody,
  from: number,
  options: AdmitOptions,
  { admitted, rejected }: { readonly admitted: AdmittedEvent[]; readonly rejected: RejectedItem[] },
): number {
  let index = from
  for (let cost = 0; index < texts.length && cost <= STEP_COST; index++) {
    const text = texts[index]!
    const key = options.requestKey === undefined ? undefined : `${options.requestKey}#${index}`
    try {
      const value = values === undefined ? readItem(text, options) : values[index]!
      admitted.push(admitItem(text, value, index, key, options))
    } catch (error) {
      if (!(error instanceof AppError) || (form === 'array' && error.code === 'bad_json')) throw error
      rejected.push(describeRejection(index, error))
    }
    cost += text.length + ITEM_COST
  }
  return index
}

/** @throws AppError; one that is too large is not even parsed */
function readItem(text: string, { eventLimitBytes }: AdmitOptions): JsonValue {
  if (text.length > eventLimitBytes) throw tooLarge(eventLimitBytes)
  return readJson(text)
}

/** @throws AppError */
function admitItem(
  text: string,
  value: JsonValue,
  index: number,
  key: string | undefined,
  { kind, nextId, eventLimitBytes }: AdmitOptions,
): AdmittedEvent {
  checkJson(value, '', text)
  validateItem(kind, value)
  return encodeAdmitted(index, nextId(), text, ownKey(value) ?? key, undefined, eventLimitBytes)
}

/** An array has been told apart by now. */
function requireObject(value: JsonValue): void {
  if (isJsonObject(value)) return
  throw new AppError('invalid_field', 'The body is neither an object nor an array', {
    field: '',
    expected: 'an object or an array of objects',
  })
}

/** Names a deletion, which has passed its own check. */
export function admitDeletion(id: number, options: AdmitOptions): AdmittedEvent {
  const data: JsonValue = { id }
  validateItem('product-deletion', data)
  const { nextId, requestKey, eventLimitBytes } = options
  return encodeAdmitted(0, nextId(), JSON.stringify(data), requestKey, 'delete', eventLimitBytes)
}

function encodeAdmitted(
  index: number,
  id: string,
  dataText: string,
  key: string | undefined,
  operation: EventOperation | undefined,
  limitBytes: number,
): AdmittedEvent {
  const encoded = encodeEvent(id, dataText, key, operation)
  if (encoded.length * 3 > limitBytes && Buffer.byteLength(encoded) > limitBytes) {
    throw tooLarge(limitBytes)
  }
  return { index, id, encoded }
}

function tooLarge(limitBytes: number): AppError {
  return new AppError('body_too_large', `The event is larger than ${limitBytes} bytes`, {
    expected: `at most ${limitBytes} bytes`,
  })
}

/** @throws AppError when the header holds no usable key */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  const key = Array.isArray(header) ? header.join(',') : header
  // Batches append `#` and an index to it.
  if (key !== '' && Buffer.byteLength(key) <= MAX_KEY_BYTES) return key
  throw new AppError('invalid_field', 'The idempotency key is empty or too long', {
    field: 'idempotency-key',
    expected: `1 to ${MAX_KEY_BYTES} bytes`,
  })
}

function describeRejection(index: number, error: AppError): RejectedItem {
  const { field } = error.details
  return { index, code: error.code, message: error.message, ...(field !== undefined && { field }) }
}
