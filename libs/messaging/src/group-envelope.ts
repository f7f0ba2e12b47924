import { AppError } from '@runnel/contracts'

export interface SubmitResult {
  /** How many events were confirmed: all of them. */
  readonly accepted: number
}

/** Shared, because most calls carry one event. */
const ONE: SubmitResult = { accepted: 1 }
const RETRY_AFTER_MS = 1_000

/** One call of submit(), whose events may lie in several envelopes. */
export class Submit {
  readonly deadline: number
  /** Answered, so that later news do not matter. */
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

  /** Answers now: what is confirmed by now counts, of the rest nothing is known. */
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

/** Events of several calls on their way in one message. Part `i` holds `counts[i]` events of `submits[i]`. */
export class Envelope {
  readonly events: string[] = []
  bytes = 0
  /** Latest deadline of its callers: until then it is worth publishing. */
  deadline = 0
  readonly #submits: Submit[] = []
  /** Index, within its call, of the first event of each part. */
  readonly #froms: number[] = []
  readonly #counts: number[] = []
  #earliest = Infinity

  add(event: string, bytes: number, submit: Submit, index: number): void {
    this.events.push(event)
    this.bytes += bytes
    const last = this.#submits.length - 1
    if (last >= 0 && this.#submits[last] === submit) {
      this.#counts[last]!++
      return
    }
    this.#submits.push(submit)
    this.#froms.push(index)
    this.#counts.push(1)
    if (submit.deadline > this.deadline) this.deadline = submit.deadline
    if (submit.deadline < this.#earliest) this.#earliest = submit.deadline
  }

  confirm(): void {
    for (let i = 0; i < this.#submits.length; i++) {
      this.#submits[i]!.confirm(this.#froms[i]!, this.#counts[i]!)
    }
  }

  fail(error: Error): void {
    for (let i = 0; i < this.#submits.length; i++) this.#submits[i]!.fail(this.#counts[i]!, error)
  }

  /** Answers the callers whose deadline has passed. @returns whether anybody still waits */
  expire(now: number): boolean {
    if (this.#earliest > now) return true
    this.#earliest = Infinity
    for (const submit of this.#submits) {
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
