import { AppError } from '@runnel/contracts'
import { mayHoldBadText, MAX_TEXT_GROWTH } from '@runnel/json'
import { isUtf8 } from 'node:buffer'
import type { DecodedBody, DecodeLimits, DecodeRejection } from '../../wire-format.ts'
import { describeRejection } from '../../describe-rejection.ts'
import { WrittenTexts } from '../../written-texts.ts'
import { TextLimit } from '../shared/text-limit.ts'
import { LineMembers } from './line-members.ts'
import { PlainPush } from './plain-push.ts'
import { readEntryText } from './read-json-push.ts'
import { toLogEvent } from './to-log-event.ts'
import { writePlainLog } from './write-plain-log.ts'

/** What an entry costs beside its bytes, in bytes; pauses may come after as many. */
const ENTRY_COST = 256
const STEP_COST = 32_768

/** Entries of a push. Parallel lists: see {@link DecodedBody}. */
export interface PlainPushEvents extends Required<Pick<DecodedBody, 'plain' | 'indexes' | 'rejected'>> {
  readonly texts: WrittenTexts
  /** Every entry says when it was. */
  readonly hasTimes: boolean
}

/**
 * The events of a push, written from its bytes. Entries that are not of the plainest sort are read by themselves.
 *
 * @param tenant empty where the request names none
 * @returns steps, to be interrupted at will; undefined of a push that is not written as most clients do: it has to be read as a whole
 * @throws AppError body_too_large where the events come to more than a body may
 */
export function* decodePlainPush(
  bytes: Buffer,
  tenant: string,
  limits: DecodeLimits,
): Generator<void, PlainPushEvents | undefined> {
  if (!isUtf8(bytes)) return undefined
  const reading = new PlainReading(bytes, tenant, limits)
  if (!reading.begin()) return undefined
  while (reading.readSome()) yield
  return reading.isWhole ? reading : undefined
}

class PlainReading implements PlainPushEvents {
  readonly texts = new WrittenTexts()
  readonly plain: boolean[] = []
  readonly indexes: number[] = []
  readonly rejected: DecodeRejection[] = []
  hasTimes = true
  /** All of it has been read. */
  isWhole = false
  readonly #push: PlainPush
  readonly #members = new LineMembers()
  readonly #tenant: string
  readonly #tenantJson: string
  readonly #limits: DecodeLimits
  readonly #isSmall: boolean
  readonly #size: TextLimit
  #streams = 0
  #entriesOfStream = 0
  #isInStream = false
  /** Of all streams together. */
  #entries = 0

  constructor(bytes: Buffer, tenant: string, limits: DecodeLimits) {
    this.#push = new PlainPush(bytes)
    this.#tenant = tenant
    this.#tenantJson = tenant === '' ? '' : JSON.stringify(tenant)
    this.#limits = limits
    this.#isSmall = bytes.length <= limits.eventLimitBytes
    this.#size = new TextLimit(limits)
  }

  begin(): boolean {
    return !mayHoldBadText(this.#tenantJson) && this.#push.begin()
  }

  /** A function of its own, for the hot loop is slower in a generator. @returns whether there is more */
  readSome(): boolean {
    const from = this.#push.at
    for (let cost = 0; this.#push.at - from + cost < STEP_COST; cost += ENTRY_COST) {
      if (this.#push.ends()) {
        this.isWhole = !this.#isInStream && this.#push.isOver
        if (!this.#isInStream) return false
        this.#isInStream = false
      } else if (!(this.#isInStream ? this.#addEntry() : this.#openStream())) return false
    }
    return true
  }

  #openStream(): boolean {
    this.#isInStream = true
    this.#entriesOfStream = 0
    return this.#push.nextStream(this.#streams === 0) && ++this.#streams <= this.#limits.maxItems
  }

  /** @returns false where the push has to be read as a whole */
  #addEntry(): boolean {
    const push = this.#push
    if (!push.nextEntry(this.#entriesOfStream++ === 0) || this.#entries >= this.#limits.maxItems) return false
    const index = this.#entries++
    const from = this.texts.writer.at
    if (push.readEntry() && writePlainLog(push, this.#tenantJson, this.#members, this.texts.writer)) {
      const bytes = this.texts.end(from)
      this.#added(index, bytes, bytes * MAX_TEXT_GROWTH <= this.#limits.eventLimitBytes)
      return true
    }
    return this.#addOther(index)
  }

  /** An entry that has to be read. */
  #addOther(index: number): boolean {
    const { labels } = this.#push
    const written = this.#push.skipEntry()
    if (written === undefined) return false
    try {
      const entry = readEntryText(written, labels.object, this.#isSmall, this.#limits)
      this.hasTimes &&= entry.nanos !== 0n
      const text = JSON.stringify(toLogEvent(entry, this.#tenant))
      this.texts.add(text)
      this.#added(index, text.length, false)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // Then the push is malformed as a whole.
      if (error.code === 'bad_json') return false
      this.rejected.push({ kind: 'logs', ...describeRejection(index, error) })
    }
    return true
  }

  #added(index: number, length: number, isPlain: boolean): void {
    this.#size.add({ length })
    this.plain.push(isPlain)
    this.indexes.push(index)
  }
}
