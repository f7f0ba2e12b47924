import { AppError, type JsonObject } from '@runnel/contracts'
import { MAX_TEXT_GROWTH } from '@runnel/json'
import type { DecodedBody, DecodeLimits, DecodeRejection } from '../../wire-format.ts'
import type { MessageSource } from './message-source.ts'
import { once } from './once.ts'
import { readOrigin } from './origin.ts'
import type { OtlpSignal, RecordEvents, RecordGroup, WrittenEvent } from './signal.ts'
import { describeRejection } from '../../describe-rejection.ts'
import { tooManyItems } from '../../too-many-items.ts'
import { inOnePiece } from '../shared/in-one-piece.ts'
import { WrittenTexts } from '../../written-texts.ts'
import { TextLimit } from '../shared/text-limit.ts'

/** What a record costs beside its bytes, in bytes. */
const RECORD_COST = 256

/** Pauses may come after as many. */
const STEP_COST = 16_384

/** What a request holds. Parallel lists: see {@link DecodedBody}. */
export interface DecodedRequest extends Pick<DecodedBody, 'indexes' | 'rejected'> {
  readonly texts: WrittenTexts
  readonly values: readonly (JsonObject | undefined)[] | undefined
  readonly plain: readonly boolean[]
  /** Every record says when it was, so that the same bytes again are a repetition. */
  readonly hasTimes: boolean
}

/**
 * Reads a request, record by record. What is wrong with a record costs only itself; of a resource or a scope that cannot be read, its
 * records are refused.
 *
 * @param keepsValues events are kept as values beside their texts: that spares admission from reading them again, and takes memory
 * @returns steps, to be interrupted at will
 * @throws AppError where the body as a whole is malformed, or more than may be read
 */
export function* decodeRequest<Piece>(
  signal: OtlpSignal,
  source: MessageSource<Piece>,
  limits: DecodeLimits,
  keepsValues: boolean,
): Generator<void, DecodedRequest> {
  const events = new DecodedEvents(signal, limits, keepsValues)
  for (const resource of yield* source.takeApart(signal, limits.maxItems)) {
    for (const scope of resource.scopes) {
      const origin = once(() =>
        readOrigin(
          source.read(signal.resourceContainer, resource.rest),
          source.read(signal.scopeContainer, scope.rest),
        ),
      )
      for (const group of signal.openRecords(source, scope.records, origin, limits.maxItems)) {
        for (let from = 0; from < group.items.length;) {
          from = events.addSome(source, group, from)
          yield
        }
        // One without items costs time as well.
        yield
      }
      yield
    }
  }
  return events
}

class DecodedEvents implements DecodedRequest {
  readonly texts = new WrittenTexts()
  readonly values: (JsonObject | undefined)[] | undefined
  readonly plain: boolean[] = []
  readonly indexes: number[] = []
  readonly rejected: DecodeRejection[] = []
  hasTimes = true
  readonly #signal: OtlpSignal
  readonly #maxItems: number
  readonly #eventLimitBytes: number
  readonly #size: TextLimit
  #records = 0

  constructor(signal: OtlpSignal, limits: DecodeLimits, keepsValues: boolean) {
    this.#signal = signal
    this.#maxItems = limits.maxItems
    this.#eventLimitBytes = limits.eventLimitBytes
    this.#size = new TextLimit(limits)
    this.values = keepsValues ? [] : undefined
  }

  /** A function of its own, for the hot loop is slower in a generator. @returns the index behind the last item that was read */
  addSome<Piece>(source: MessageSource<Piece>, group: RecordGroup<Piece>, from: number): number {
    let i = from
    for (let cost = 0; i < group.items.length && cost <= STEP_COST; i++) {
      const item = group.items[i]!
      cost += source.sizeOf(item) + RECORD_COST + this.#add(group, item)
    }
    return i
  }

  /** @returns characters of the texts that it became: with a large resource, those are most of what it costs */
  #add<Piece>(group: RecordGroup<Piece>, item: Piece): number {
    const index = this.#records++
    if (this.texts.length + this.rejected.length > this.#maxItems)
      throw tooManyItems(this.#maxItems, 'records')
    const written = this.#addPlain(group, item, index)
    if (written > 0) return written
    const { events, hasTime } = this.#read(group, item, index)
    this.hasTimes &&= hasTime
    let chars = 0
    for (const event of events) chars += this.#addEvent(event, index)
    return chars
  }

  /** @returns its bytes, or 0 where the record has to be read */
  #addPlain<Piece>(group: RecordGroup<Piece>, item: Piece, index: number): number {
    const { writer } = this.texts
    const from = writer.at
    let hasTime: boolean | undefined
    try {
      hasTime = group.putPlain?.(item, writer)
    } catch {
      // It is refused when it is read.
    }
    if (hasTime === undefined) return 0
    const bytes = this.texts.end(from)
    this.#size.add({ length: bytes })
    this.hasTimes &&= hasTime
    this.plain.push(bytes * MAX_TEXT_GROWTH <= this.#eventLimitBytes)
    this.values?.push(undefined)
    this.indexes.push(index)
    return bytes
  }

  #read<Piece>(group: RecordGroup<Piece>, item: Piece, index: number): RecordEvents {
    try {
      return group.toEvents(item)
    } catch (error) {
      // A body with a piece that is not JSON is malformed as a whole.
      if (!(error instanceof AppError) || error.code === 'bad_json') throw error
      this.rejected.push({ kind: this.#signal.kind, ...describeRejection(index, error) })
      return NOTHING
    }
  }

  #addEvent({ text, isPlain, value }: WrittenEvent, index: number): number {
    this.#size.add(text)
    this.texts.add(inOnePiece(text))
    this.plain.push(isPlain && text.length * MAX_TEXT_GROWTH <= this.#eventLimitBytes)
    this.values?.push(value)
    this.indexes.push(index)
    return text.length
  }
}

const NOTHING: RecordEvents = { events: [], hasTime: true }
