import { AppError } from '@runnel/contracts'
import { MAX_TEXT_GROWTH } from '@runnel/json'
import { inSlices } from '@runnel/runtime'
import type { DecodedBody, DecodeLimits, DecodeRejection, WireRequest } from '../../wire-format.ts'
import { keyOfBody } from '../shared/key-of-body.ts'
import { TextLimit } from '../shared/text-limit.ts'
import { malformed } from './message-reader.ts'
import { readRequestV1 } from './read-request-v1.ts'
import { readRequestV2 } from './read-request-v2.ts'
import { exemplarEvent, histogramEvents, sampleEvent } from './series-events.ts'
import { toSeriesHead, type SeriesHead } from './series-head.ts'
import { SampleWriter } from './sample-writer.ts'
import { toSeriesTime, type SeriesTime } from './series-times.ts'
import { WrittenTexts } from '../../written-texts.ts'
import type { WrittenExemplar, WrittenSample, WrittenSeries } from './written-series.ts'

/** What an item of a request is. One that never became an event is not counted as written, whatever it was. */
type ItemClass = 'sample' | 'histogram' | 'exemplar' | 'bad'

/** What an answer says of a request of the second version. */
export interface RemoteWriteContext {
  readonly version: 1 | 2
  /** By the number of the item. */
  readonly classes: readonly ItemClass[]
  /** Exemplars that came with a sample or a histogram, by the number of that. */
  readonly exemplars: ReadonlyMap<number, number>
}

type RemoteWriteBody = DecodedBody<RemoteWriteContext>

/**
 * A write request as metrics, in slices. Items are samples, histograms and exemplars without either, in their order; a bad series
 * costs its own.
 *
 * @throws AppError bad_request; as a rejection too
 */
export function decodeRemoteWrite(
  bytes: Buffer,
  request: WireRequest,
  limits: DecodeLimits,
): RemoteWriteBody | Promise<RemoteWriteBody> {
  const { maxItems } = limits
  const version = versionOf(request.headers['content-type'])
  const series = version === 1 ? readRequestV1(bytes, maxItems) : readRequestV2(bytes, maxItems)
  const tenant = request.headers['x-scope-orgid']
  const body = new GrowingBody(typeof tenant === 'string' ? tenant : '', limits)
  const bodyKey = keyOfBody(request, bytes)
  return inSlices(addAll(series, body, maxItems, () => body.finish(version, bodyKey)))
}

const PROTO = /;\s*proto\s*=\s*"?([^\s;"]+)"?/i

/** @throws AppError unsupported_media_type */
function versionOf(contentType: string | undefined): 1 | 2 {
  const proto = PROTO.exec(contentType ?? '')?.[1]
  if (proto === undefined || proto === 'prometheus.WriteRequest') return 1
  if (proto === 'io.prometheus.write.v2.Request') return 2
  throw new AppError('unsupported_media_type', `The message ${proto.slice(0, 100)} is not known`, {
    field: 'content-type',
    expected: 'prometheus.WriteRequest or io.prometheus.write.v2.Request',
  })
}

/** A pause behind every series, and in between of a long one. */
function* addAll(
  series: Iterator<WrittenSeries | undefined>,
  body: GrowingBody,
  maxItems: number,
  finish: () => RemoteWriteBody,
): Generator<void, RemoteWriteBody> {
  for (;;) {
    const { done, value } = nextSeries(series)
    if (done) return finish()
    if (value !== undefined) yield* body.add(value, maxItems)
    if (body.size > maxItems) return finish()
    yield
  }
}

function nextSeries(series: Iterator<WrittenSeries | undefined>): IteratorResult<WrittenSeries | undefined> {
  try {
    return series.next()
  } catch (error) {
    throw error instanceof AppError ? error : malformed(error)
  }
}

/** Of a long series between two pauses. */
const SAMPLES_AT_A_TIME = 100

const NO_EXEMPLARS: readonly WrittenExemplar[] = []

class GrowingBody {
  readonly #tenant: string
  readonly #texts = new WrittenTexts()
  readonly #writer = new SampleWriter(this.#texts.writer)
  readonly #plain: boolean[] = []
  readonly #indexes: number[] = []
  readonly #rejected: DecodeRejection[] = []
  readonly #classes: ItemClass[] = []
  readonly #exemplars = new Map<number, number>()
  readonly #limits: DecodeLimits
  readonly #textLimit: TextLimit

  constructor(tenant: string, limits: DecodeLimits) {
    this.#tenant = tenant
    this.#limits = limits
    this.#textLimit = new TextLimit(limits)
  }

  /** Events and refused items. */
  get size(): number {
    return this.#texts.length + this.#rejected.length
  }

  /** Ends early beyond the limit: the body is refused anyway. @throws AppError body_too_large */
  *add(series: WrittenSeries, maxItems: number): Generator<void> {
    const { samples, histograms, exemplars } = series
    let head: SeriesHead
    try {
      head = toSeriesHead(series, this.#tenant)
    } catch (error) {
      const items = Math.max(1, samples.length + histograms.length)
      for (let i = 0; i < items && this.size <= maxItems; i++) this.#reject(error as Error)
      return
    }
    // With the newest one, for an exemplar is about what was counted last.
    const withSample = histograms.length === 0 ? samples.length - 1 : -1
    for (let i = 0; i < samples.length && this.size <= maxItems; i++) {
      if (i % SAMPLES_AT_A_TIME === SAMPLES_AT_A_TIME - 1) yield
      const found = i === withSample ? exemplars : NO_EXEMPLARS
      this.#addSample(head, samples[i]!, found)
    }
    for (let i = 0; i < histograms.length && this.size <= maxItems; i++) {
      yield
      const found = i === histograms.length - 1 ? exemplars : []
      this.#addItem('histogram', found.length, (index) => {
        for (const text of histogramEvents(head, histograms[i]!, found)) this.#addEvent(index, text)
      })
    }
    if (samples.length + histograms.length > 0) return
    for (let i = 0; i < exemplars.length && this.size <= maxItems; i++)
      this.#addItem('exemplar', 0, (index) => this.#addEvent(index, exemplarEvent(head, exemplars[i]!)))
  }

  finish(version: 1 | 2, bodyKey: string): RemoteWriteBody {
    return {
      ...{ form: 'records', kinds: 'metrics', bodyKey },
      ...{ texts: this.#texts, plain: this.#plain, indexes: this.#indexes, rejected: this.#rejected },
      context: { version, classes: version === 2 ? this.#classes : [], exemplars: this.#exemplars },
    }
  }

  /** The hot path: there are many of them, and nearly all need no look. */
  #addSample(head: SeriesHead, sample: WrittenSample, exemplars: readonly WrittenExemplar[]): void {
    this.#addItem('sample', exemplars.length, (index) => {
      const time = toSeriesTime(sample.timestampMs)
      if (head.isPlain && time.isKept && exemplars.length === 0) this.#putSample(index, head, sample, time)
      else this.#addEvent(index, sampleEvent(head, sample, time, exemplars))
    })
  }

  #addItem(itemClass: ItemClass, exemplars: number, add: (index: number) => void): void {
    const index = this.#classes.length
    try {
      add(index)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return this.#reject(new Error('The time of a sample is not valid'))
    }
    this.#classes.push(itemClass)
    if (exemplars > 0) this.#exemplars.set(index, exemplars)
  }

  #putSample(index: number, head: SeriesHead, sample: WrittenSample, time: SeriesTime): void {
    const bytes = this.#texts.end(this.#writer.write(head, sample, time))
    this.#textLimit.add({ length: bytes })
    this.#plain.push(bytes * MAX_TEXT_GROWTH <= this.#limits.eventLimitBytes)
    this.#indexes.push(index)
  }

  /** One that admission has to read. */
  #addEvent(index: number, text: string): void {
    this.#textLimit.add(text)
    this.#texts.add(text)
    this.#plain.push(false)
    this.#indexes.push(index)
  }

  #reject({ message }: Error): void {
    const index = this.#classes.push('bad') - 1
    this.#rejected.push({ kind: 'metrics', index, code: 'invalid_field', message })
  }
}
