import {
  AppError,
  encodeItemIdentity,
  hashItemText,
  isJsonObject,
  eventTimeMs,
  judgeItem,
  ownKey,
  placeKey,
  readProductVersion,
  type EventOperation,
  type JsonValue,
  type Kind,
  type NextEventId,
} from '@runnel/contracts'
import { checkJson, readJson } from '@runnel/json'
import { encodeEvent } from '@runnel/messaging'
import { inSlices } from '@runnel/runtime'
import { describeRejection } from './describe-rejection.ts'
import { eventTooLarge } from './event-too-large.ts'
import { nameKey } from './name-key.ts'
import type { DecodedBody, RejectedItem } from './wire-format.ts'

/** An event that may go to the broker. */
export interface AdmittedEvent {
  /** The client's number of its item: as a rule its place in the body. */
  readonly index: number
  readonly id: string
  /** As an envelope holds it. */
  readonly encoded: string
}

export interface Admission {
  readonly admitted: readonly AdmittedEvent[]
  /** Of all admitted events, or of each. */
  readonly admittedKinds: Kind | readonly Kind[]
  readonly rejected: readonly RejectedItem[]
  /** Of all rejected items, or of each. */
  readonly rejectedKinds: Kind | readonly Kind[]
}

export interface AdmitOptions {
  readonly nextId: NextEventId
  readonly eventLimitBytes: number
  /** `place` while consumers run that know items of a batch by their place alone. */
  readonly keyForm: 'item' | 'place'
  /** Of the owner's idempotency keys, see nameKey. */
  readonly namespace?: string | undefined
}

/** The key of an item, and what it names. */
interface ItemKey {
  readonly text: string
  /** It names the request: how many items of each text came before. Undefined where it names this one event. */
  readonly seen?: Map<string, number>
  /** It names an event of a body of these very bytes: what the item says needs no hash. */
  readonly namesEvent?: true
}

/**
 * The gate: what passes is checked, named and ready to travel. A refused item of a batch costs only itself. A large body
 * is admitted in slices: it may not stop the process.
 *
 * @param requestKey Idempotency-Key of the request: of a single event its own; events of a batch are told apart by their
 * text within it, unless they have a key of their own
 * @returns at once where that took no longer than a slice
 * @throws AppError what is wrong with a single event or with a document as a whole
 */
export function admit(
  body: DecodedBody,
  requestKey: string | undefined,
  options: AdmitOptions,
): Admission | Promise<Admission> {
  if (body.error !== undefined) throw body.error
  if (body.form !== 'single') return inSlices(admitBatch(body, requestKey, options))
  const text = body.texts[0]!
  const kind = kindAt(body.kinds, 0)
  const value = body.values?.[0] ?? readItem(text, options)
  requireObject(value)
  const key = body.keys?.[0] ?? requestKey
  const itemKey = key === undefined ? undefined : { text: key }
  const event = admitItem(kind, body.operations?.[0], text, value, 0, itemKey, options)
  return { admitted: [event], admittedKinds: kind, rejected: [], rejectedKinds: kind }
}

/** What an item costs beside its characters, in characters. */
const ITEM_COST = 256

/** Pauses may come after as many. */
const STEP_COST = 16_384

interface GrowingAdmission {
  readonly admitted: AdmittedEvent[]
  readonly admittedKinds: Kind | Kind[]
  readonly rejected: RejectedItem[]
  readonly rejectedKinds: Kind | Kind[]
  /** See ItemKey. */
  readonly seen: Map<string, number>
  readonly place: ItemPlace
}

/** Where an event stands in its body: the client's number of its item, and how many events of that item stand before it. */
interface ItemPlace {
  index: number
  number: number
}

function* admitBatch(
  body: DecodedBody,
  requestKey: string | undefined,
  options: AdmitOptions,
): Generator<void, Admission> {
  const admission = beginAdmission(body)
  for (let from = 0; from < body.texts.length;) {
    from = admitSome(body, from, requestKey, options, admission)
    yield
  }
  // Kinds are only counted: they need no order.
  if (body.rejected !== undefined) admission.rejected.sort((one, other) => one.index - other.index)
  return admission
}

/** With the items that never became an event. */
function beginAdmission({ kinds, rejected = [] }: DecodedBody): GrowingAdmission {
  return {
    admitted: [],
    admittedKinds: typeof kinds === 'string' ? kinds : [],
    rejected: rejected.map(({ kind: _, ...item }) => item),
    seen: new Map(),
    place: { index: -1, number: 0 },
    rejectedKinds:
      typeof kinds === 'string' && rejected.length === 0 ? kinds : rejected.map(({ kind }) => kind),
  }
}

/** A function of its own, for the hot loop is slower in a generator. @returns the index behind the last item that it took */
function admitSome(
  { form, kinds, texts, values, plain, indexes, operations, keys, bodyKey }: DecodedBody,
  from: number,
  requestKey: string | undefined,
  options: AdmitOptions,
  { admitted, admittedKinds, rejected, rejectedKinds, seen, place }: GrowingAdmission,
): number {
  let i = from
  for (let cost = 0; i < texts.length && cost <= STEP_COST; i++) {
    const text = texts[i]!
    const kind = kindAt(kinds, i)
    const index = indexes === undefined ? i : indexes[i]!
    place.number = index === place.index ? place.number + 1 : 0
    place.index = index
    const key = keyAt(keys?.[i], requestKey, i, seen) ?? keyOfPlace(bodyKey, place)
    try {
      admitted.push(
        plain?.[i]
          ? encodeAdmitted(index, options.nextId(), text, key, undefined, kind, options)
          : admitItem(kind, operations?.[i], text, values?.[i], index, key, options),
      )
      if (typeof admittedKinds !== 'string') admittedKinds.push(kind)
    } catch (error) {
      if (!(error instanceof AppError) || (form === 'document' && error.code === 'bad_json')) throw error
      rejected.push(describeRejection(index, error))
      if (typeof rejectedKinds !== 'string') rejectedKinds.push(kind)
    }
    cost += text.length + ITEM_COST
  }
  return i
}

function kindAt(kinds: Kind | readonly Kind[], index: number): Kind {
  return typeof kinds === 'string' ? kinds : kinds[index]!
}

function keyAt(
  own: string | undefined,
  requestKey: string | undefined,
  place: number,
  seen: Map<string, number>,
): ItemKey | undefined {
  if (own !== undefined) return { text: own }
  return requestKey === undefined ? undefined : { text: placeKey(requestKey, place), seen }
}

/**
 * By the number of the item, which the bytes alone decide: how many items before it were refused is up to limits, and the replica that
 * gets the same bytes again may have others.
 */
function keyOfPlace(bodyKey: string | undefined, { index, number }: ItemPlace): ItemKey | undefined {
  if (bodyKey === undefined) return undefined
  return { text: `${bodyKey}.${index}.${number}`, namesEvent: true }
}

/** @throws AppError nothing_accepted when no item of a batch is right */
export function requireAdmitted({ admitted, rejected }: Admission): void {
  if (admitted.length > 0) return
  throw new AppError('nothing_accepted', 'No item of the batch can be accepted', { extra: { rejected } })
}

/** @throws AppError; one that is too large is not even parsed */
function readItem(text: string, { eventLimitBytes }: AdmitOptions): JsonValue {
  if (text.length > eventLimitBytes) throw eventTooLarge(eventLimitBytes)
  return readJson(text)
}

/** @throws AppError */
function admitItem(
  kind: Kind,
  operation: EventOperation | undefined,
  text: string,
  known: JsonValue | undefined,
  index: number,
  key: ItemKey | undefined,
  options: AdmitOptions,
): AdmittedEvent {
  const value = known ?? readItem(text, options)
  checkJson(value, '', text, options.eventLimitBytes)
  const id = options.nextId()
  const item = judgeItem(kind, operation ?? 'upsert', value, 'posted')
  if (kind === 'products') readProductVersion(item, eventTimeMs(id))
  const own = ownKey(value)
  return encodeAdmitted(index, id, text, own === undefined ? key : { text: own }, operation, kind, options)
}

/** An array has been recognised before. */
function requireObject(value: JsonValue): void {
  if (isJsonObject(value)) return
  throw new AppError('invalid_field', 'The body is neither an object nor an array', {
    field: '',
    expected: 'an object or an array of objects',
  })
}

/** A deletion as an event. @throws AppError where id or version are not valid */
export function admitDeletion(
  data: { readonly id: number; readonly version?: number },
  requestKey: string | undefined,
  options: AdmitOptions,
): Admission {
  const id = options.nextId()
  readProductVersion(judgeItem('products', 'delete', { ...data }, 'posted'), eventTimeMs(id), 'version')
  const text = JSON.stringify(data)
  const key = requestKey === undefined ? undefined : { text: requestKey }
  const event = encodeAdmitted(0, id, text, key, 'delete', 'products', options)
  return { admitted: [event], admittedKinds: 'products', rejected: [], rejectedKinds: 'products' }
}

function encodeAdmitted(
  index: number,
  id: string,
  dataText: string,
  key: ItemKey | undefined,
  operation: EventOperation | undefined,
  kind: Kind,
  { eventLimitBytes: limitBytes, keyForm, namespace }: AdmitOptions,
): AdmittedEvent {
  const isNamed = key === undefined || key.namesEvent || keyForm === 'place'
  const item = isNamed ? undefined : identify(kind, dataText, key)
  const encoded = encodeEvent(id, dataText, key && nameKey(key.text, namespace), operation, item)
  if (encoded.length * 3 > limitBytes && Buffer.byteLength(encoded) > limitBytes) {
    throw eventTooLarge(limitBytes)
  }
  return { index, id, encoded }
}

function identify(kind: Kind, text: string, { seen }: ItemKey): string {
  const hash = hashItemText(text)
  if (seen === undefined) return hash
  const number = seen.get(kind + hash) ?? 0
  seen.set(kind + hash, number + 1)
  return encodeItemIdentity({ hash, number })
}
