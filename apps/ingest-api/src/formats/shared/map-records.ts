import { AppError, type EventOperation, type JsonObject, type JsonValue, type Kind } from '@runnel/contracts'
import { readJson, requireDepth } from '@runnel/json'
import { inSlices } from '@runnel/runtime'
import { describeRejection } from '../../describe-rejection.ts'
import { eventTooLarge } from '../../event-too-large.ts'
import type { DecodedBody, DecodeLimits, DecodeRejection } from '../../wire-format.ts'
import { decodeSingle } from './decode-single.ts'
import { KEPT_VALUES_SIZE } from './kept-values.ts'
import { TextLimit } from './text-limit.ts'

/** An event that a format made of a record. */
export interface MappedEvent {
  readonly kind: Kind
  readonly item: JsonObject
  readonly operation?: EventOperation | undefined
  readonly key?: string | undefined
}

export interface MapOptions<Rec, Context> {
  /**
   * One record to its events.
   *
   * @throws AppError of the record
   */
  readonly map: (record: Rec) => readonly MappedEvent[]
  /** Under which a record is counted that becomes no event. */
  readonly kind: Kind
  readonly limits: DecodeLimits
  readonly context: Context
}

interface MappedBody<Context> extends DecodedBody<Context> {
  readonly kinds: Kind[]
  readonly texts: string[]
  readonly indexes: number[]
  readonly operations: (EventOperation | undefined)[]
  readonly keys: (string | undefined)[]
  readonly rejected: DecodeRejection[]
}

/**
 * Maps the records of a body to events, in slices: a large body may not stop the process. What is wrong with a record costs that
 * record alone. Ends where there are more events than a body may have.
 *
 * @param records read as they are asked for; an error stands for one that could not be read, undefined for a pause within one
 * @throws AppError body_too_large where the events come to more than a body may; as a rejection too
 */
export function mapRecords<Rec extends object | string, Context>(
  records: Iterable<Rec | AppError | undefined>,
  options: MapOptions<Rec, Context>,
): DecodedBody<Context> | Promise<DecodedBody<Context>> {
  return inSlices(mapInSteps(records, options))
}

/** The steps of {@link mapRecords}. */
export function* mapInSteps<Rec extends object | string, Context>(
  records: Iterable<Rec | AppError | undefined>,
  options: MapOptions<Rec, Context>,
): Generator<void, DecodedBody<Context>> {
  const body: MappedBody<Context> = {
    ...{ form: 'records', context: options.context },
    ...{ kinds: [], texts: [], indexes: [], operations: [], keys: [], rejected: [] },
  }
  const size = new TextLimit(options.limits)
  const isFull = () => body.texts.length + body.rejected.length > options.limits.maxItems
  let values: JsonObject[] | undefined = []
  let index = 0
  for (const record of records) {
    if (record !== undefined) {
      const events = mapRecord(body, record, index, options)
      for (let i = 0; i < events.length && !isFull(); i++) {
        if (i > 0) yield
        size.add(addEvent(body, events[i]!, index))
        if (size.chars > KEPT_VALUES_SIZE) values = undefined
        values?.push(events[i]!.item)
      }
      index++
    }
    if (isFull()) break
    yield
  }
  return values === undefined ? body : { ...body, values }
}

function mapRecord<Rec, Context>(
  body: MappedBody<Context>,
  record: Rec | AppError,
  index: number,
  { map, kind }: MapOptions<Rec, Context>,
): readonly MappedEvent[] {
  try {
    if (record instanceof AppError) throw record
    return map(record)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    body.rejected.push({ kind, ...describeRejection(index, error) })
    return []
  }
}

/** @returns its text */
function addEvent<Context>(
  { kinds, texts, indexes, operations, keys }: MappedBody<Context>,
  { kind, item, operation, key }: MappedEvent,
  index: number,
): string {
  const text = JSON.stringify(item)
  texts.push(text)
  kinds.push(kind)
  indexes.push(index)
  operations.push(operation)
  keys.push(key)
  return text
}

/**
 * One record to its only event, where a body is that; see decodeSingle.
 *
 * @param map throws an AppError of the record
 */
export function mapSingle<Context>(
  kind: Kind,
  context: Context,
  map: () => MappedEvent,
): DecodedBody<Context> {
  return decodeSingle(kind, context, () => {
    const { item, ...event } = map()
    return { ...event, text: JSON.stringify(item), value: item }
  })
}

/**
 * The JSON of one record, which may be walked over: it is nested no deeper than an event may be.
 *
 * @throws AppError body_too_large, before it is parsed; what readJson throws; too_deep
 */
export function readRecord(
  text: string,
  { eventLimitBytes }: Pick<DecodeLimits, 'eventLimitBytes'>,
): JsonValue {
  if (text.length > eventLimitBytes) throw eventTooLarge(eventLimitBytes)
  const value = readJson(text)
  requireDepth(value)
  return value
}
