import {
  AppError,
  checkJson,
  encodeEvent,
  ownKey,
  MAX_KEY_BYTES,
  validateItem,
  type EventOperation,
  type JsonValue,
  type Kind,
  type NextEventId,
} from '@runnel/contracts'
import type { BodyItem, DecodedBody } from './body/decoders.ts'

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
 * The gate: what passes is checked, named and ready to travel. A refused item of a batch costs only itself.
 *
 * @throws AppError what is wrong with a single event, or nothing_accepted when no item of a batch is right
 */
export function admit({ single, items }: DecodedBody, options: AdmitOptions): Admission {
  if (single) return { admitted: [admitItem(items[0]!, 0, options.requestKey, options)], rejected: [] }
  const admitted: AdmittedEvent[] = []
  const rejected: RejectedItem[] = []
  items.forEach((item, index) => {
    const key = options.requestKey === undefined ? undefined : `${options.requestKey}#${index}`
    try {
      admitted.push(admitItem(item, index, key, options))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      rejected.push(describeRejection(index, error))
    }
  })
  if (admitted.length === 0) {
    throw new AppError('nothing_accepted', 'No item of the batch can be accepted', { extra: { rejected } })
  }
  return { admitted, rejected }
}

function admitItem(
  item: BodyItem,
  index: number,
  key: string | undefined,
  { kind, nextId, eventLimitBytes }: AdmitOptions,
): AdmittedEvent {
  if ('error' in item) throw item.error
  const { value, text } = item
  checkJson(value)
  validateItem(kind, value)
  return encodeAdmitted(index, nextId(), text, ownKey(value) ?? key, undefined, eventLimitBytes)
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
    throw new AppError('body_too_large', `The event is larger than ${limitBytes} bytes`, {
      expected: `at most ${limitBytes} bytes`,
    })
  }
  return { index, id, encoded }
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
