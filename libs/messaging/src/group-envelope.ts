import { AppError } from '@runnel/contracts'
import { encodeEnvelope } from './envelope.ts'
import type { EventRun, RunLimits } from './event-run.ts'

export interface SubmitResult {
  /** How many events were confirmed: all of them. */
  readonly accepted: number
}

/** Shared, because most calls carry one event. */
const ONE: SubmitResult = { accepted: 1 }
const RETRY_AFTER_MS = 1_000

/** One call of submit(), whose events may lie in several envelopes. */
export class Submission {
  readonly deadline: number
  /** Answered: what is confirmed or refused later changes nothing. */
  over = false
  readonly #total: number
  readonly #resolve: (result: SubmitResult) => void
  readonly #reject: (error: Error) => void
  #left: number
  #accepted: number[] | undefined
  #failure: Error | undefined

  constructor(
    total: number,
    deadline: number,
    resolve: (result: SubmitResult) => void,
    reject: (error: Error) => void,
  ) {
    this.#total = total
    this.#left = total
    this.deadline = deadline
    this.#resolve = resolve
    this.#reject = reject
  }

  confirm(from: number, count: number): void {
    this.#left -= count
    if (this.#left > 0 || this.#failure !== undefined) {
      this.#accepted ??= []
      for (let index = from; index < from + count; index++) this.#accepted.push(index)
    }
    if (this.#left === 0) this.#finish()
  }

  fail(count: number, error: Error): void {
    this.#left -= count
    this.#failure ??= error
    if (this.#left === 0) this.#finish()
  }

  /** Answers now: what is confirmed by now counts, the outcome of the rest is unknown. */
  expire(): void {
    this.#failure ??= brokerUnavailable()
    this.#finish()
  }

  #finish(): void {
    if (this.over) return
    this.over = true
    if (this.#failure === undefined) this.#resolve(this.#total === 1 ? ONE : { accepted: this.#total })
    else if (this.#accepted === undefined) this.#reject(this.#failure)
    else this.#reject(partlyAccepted(this.#accepted, this.#failure))
  }
}

/** Runs of several calls that travel in one message. */
export class GroupEnvelope {
  #runs: EventRun[] = []
  count = 0
  bytes = 0
  /** Latest deadline of its callers: until then it is worth publishing. */
  deadline = 0
  readonly #parts: { readonly submit: Submission; readonly from: number; readonly count: number }[] = []
  #earliest = Infinity

  hasRoomFor(run: EventRun, { maxEvents, maxBytes }: RunLimits): boolean {
    return this.count + run.count <= maxEvents && this.bytes + run.bytes <= maxBytes
  }

  add(run: EventRun, submit: Submission): void {
    const { bytes, from, count } = run
    this.#runs.push(run)
    this.count += count
    this.bytes += bytes
    this.#parts.push({ submit, from, count })
    if (submit.deadline > this.deadline) this.deadline = submit.deadline
    if (submit.deadline < this.#earliest) this.#earliest = submit.deadline
  }

  /** Once: what travels is kept as bytes alone, for as long as the broker takes. */
  encode(): Buffer {
    const contents = this.#runs.map(({ content }) => content)
    const payload = encodeEnvelope(contents, this.bytes)
    for (const { source } of this.#runs) source?.release()
    this.#runs = []
    return payload
  }

  confirm(): void {
    for (const { submit, from, count } of this.#parts) submit.confirm(from, count)
  }

  fail(error: Error): void {
    for (const { submit, count } of this.#parts) submit.fail(count, error)
  }

  /** Answers the callers whose deadline has passed. @returns whether a caller still waits */
  expire(now: number): boolean {
    if (this.#earliest > now) return true
    this.#earliest = Infinity
    for (const { submit } of this.#parts) {
      if (submit.over) continue
      if (submit.deadline <= now) submit.expire()
      else if (submit.deadline < this.#earliest) this.#earliest = submit.deadline
    }
    return this.#earliest !== Infinity
  }
}

export function brokerUnavailable(cause?: unknown): AppError {
  const message = 'The broker did not confirm in time; the events may be stored or not'
  return new AppError('broker_unavailable', message, { retryAfterMs: RETRY_AFTER_MS }, cause)
}

function partlyAccepted(accepted: number[], cause: Error): AppError {
  accepted.sort((a, b) => a - b)
  return new AppError(
    'partly_accepted',
    'Only some of the events are stored for sure',
    { retryAfterMs: RETRY_AFTER_MS, extra: { accepted } },
    cause,
  )
}
