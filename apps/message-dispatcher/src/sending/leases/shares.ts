import { MailingWindows } from '../breaker/mailing-windows.ts'
import { countNotBegun, type Work } from './work.ts'

/**
 * What gives way gets this part of everything, while there is anything else to send: retries, and mailings of which most
 * messages are not accepted.
 */
export const BACKGROUND_SHARE = 1 / 8

/** So many background messages may come at once after others have been sent. */
const MAX_CREDIT = 64

/** Results of a mailing that prove something. */
const LEAST_RESULTS = 10

export interface SharesOptions {
  /** Of everything that is sent; 0: no limit. */
  readonly ratePerSecond: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/**
 * Divides what this process can do among mailings, so that one whose messages are refused or time out costs the others no
 * more than a small part.
 */
export class Shares {
  readonly #options: SharesOptions
  readonly #windows: MailingWindows
  /** Mailings with fresh messages, of which most are accepted. */
  #foreground = new Set<number>()
  #troubled = new Set<number>()
  /** Those of them of which something can be begun now. */
  #ready = new Set<number>()
  #credit = 0
  #creditAt = 0

  constructor(options: SharesOptions) {
    this.#options = options
    this.#windows = new MailingWindows(options.now)
  }

  /** Has to receive every result. */
  report(mailingId: number, accepted: boolean): void {
    this.#windows.add(mailingId, !accepted)
  }

  /** Looks at the leased chunks. Call before anything is claimed or begun. @param isBackedOff at this moment */
  update(chunks: Iterable<Work>, isBackedOff: (mailingId: number) => boolean): void {
    this.#foreground = new Set()
    this.#troubled = new Set()
    this.#ready = new Set()
    for (const work of chunks) {
      const { mailingId } = work
      if (!this.#troubled.has(mailingId) && !this.#foreground.has(mailingId) && this.#fails(mailingId))
        this.#troubled.add(mailingId)
      if (this.#troubled.has(mailingId) || work.stopped) continue
      if (countNotBegun(work) === 0 && work.queued === 0) continue
      this.#foreground.add(mailingId)
      if (countNotBegun(work) > 0 && !isBackedOff(mailingId)) this.#ready.add(mailingId)
    }
    this.#earnByTime()
  }

  /** Mailings that the background gives way to. */
  get foreground(): ReadonlySet<number> {
    return this.#foreground
  }

  /** Those of them of which something can be begun now. */
  get ready(): ReadonlySet<number> {
    return this.#ready
  }

  isTroubled(mailingId: number): boolean {
    return this.#troubled.has(mailingId)
  }

  isBackground({ mailingId, chunk }: Pick<Work, 'mailingId' | 'chunk'>): boolean {
    return chunk === undefined || this.#troubled.has(mailingId)
  }

  /** @returns sends that a mailing, or the whole background, may have under way */
  slotsOf(work: Work, allowance: number): number {
    const { size } = this.#foreground
    if (size === 0) return allowance
    if (this.isBackground(work)) return Math.max(1, Math.floor(allowance * BACKGROUND_SHARE))
    return Math.ceil(allowance / size)
  }

  /** @returns background messages that may be begun now */
  backgroundAllowance(): number {
    const isLimited = this.#ready.size > 0 || (this.#foreground.size > 0 && this.#options.ratePerSecond > 0)
    return isLimited ? Math.floor(this.#credit) : Infinity
  }

  /** Messages were begun. */
  count(work: Pick<Work, 'mailingId' | 'chunk'>, messages: number): void {
    if (this.isBackground(work)) this.#credit = Math.max(0, this.#credit - messages)
    else this.#earn(messages * BACKGROUND_SHARE)
  }

  #fails(mailingId: number): boolean {
    const { total, failed } = this.#windows.of(mailingId)
    return total >= LEAST_RESULTS && failed * 2 >= total
  }

  /** Where everything is sent at one rate, the background has its part of that even beside mailings that are slower. */
  #earnByTime(): void {
    const { now, ratePerSecond } = this.#options
    const ms = now() - this.#creditAt
    this.#creditAt += ms
    this.#earn(((ms * ratePerSecond) / 1000) * BACKGROUND_SHARE)
  }

  #earn(credit: number): void {
    this.#credit = Math.min(MAX_CREDIT, this.#credit + credit)
  }
}
