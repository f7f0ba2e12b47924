import type { SendResult } from '../channels/channel.ts'
import {
  accountReason,
  evidenceOf,
  isOwnAnswer,
  type AttemptOrigin,
  type BreakerReason,
} from './breaker-rules.ts'
import { MailingWindows } from './mailing-windows.ts'
import { PeerWindows } from './peer-windows.ts'
import { ResultWindow, WINDOW_MS, type Counts } from './result-window.ts'

/** Fewer results than this do not prove that a channel fails. */
const LEAST_RESULTS = 10

/** While it ramps up, this many failures suffice. */
const LEAST_FAILURES_RAMPING = 3

/** So many refusals of the account in a row outweigh a success before them: the token was withdrawn meanwhile. */
const MAX_ACCOUNT_RUN = 20

export interface Finding {
  /** Why the breaker has to open; undefined: it has not. */
  readonly reason?: BreakerReason
  /** A refusal is the message's own trouble, not the account's. */
  readonly isMessagesOwn: boolean
}

/**
 * What the results of the last ten seconds say about the channel. As long as one mailing fares well, what fails is the trouble of the
 * others' messages; what is not even reached, is the channel's in any case. Where messages go to many receivers, it is the
 * channel's trouble only if most of many receivers fail.
 */
export class ChannelEvidence {
  readonly #now: () => number
  readonly #mailings: MailingWindows
  readonly #unreached: ResultWindow
  readonly #peers: PeerWindows
  #succeededAt = -Infinity
  /** Refusals of the account since the last success. */
  #accountRun = 0

  /** @param now monotonic milliseconds */
  constructor(now: () => number) {
    this.#now = now
    this.#mailings = new MailingWindows(now)
    this.#unreached = new ResultWindow(now)
    this.#peers = new PeerWindows(now)
  }

  add(result: SendResult, origin: AttemptOrigin, ramping: boolean): Finding {
    if (isOwnAnswer(result)) {
      this.#succeededAt = this.#now()
      this.#accountRun = 0
    }
    const evidence = evidenceOf(result, origin)
    if (evidence === 'account') return this.#addAccount(result, origin)
    const isMessagesOwn = result.scope === 'message'
    if (result.peer !== undefined) return this.#addPeer(result.peer, result)
    if (evidence === 'none') return { isMessagesOwn }
    this.#unreached.add(evidence === 'unreached')
    this.#mailings.add(origin.mailingId, evidence !== 'works')
    const reason = evidence === 'works' ? undefined : this.#reasonToOpen(ramping)
    return { isMessagesOwn, ...(reason && { reason }) }
  }

  counts(): Counts {
    const { total, failed } = this.#mailings.counts()
    const peers = this.#peers.counts()
    return { total: total + peers.total, failed: failed + (this.#peers.mostFail() ? peers.total : 0) }
  }

  /** @returns mailings whose messages fail */
  suspects(): number[] {
    return this.#mailings.failing()
  }

  clear(): void {
    this.#mailings.clear()
    this.#unreached.clear()
    this.#peers.clear()
  }

  /** A receiver that answers works, whatever it answers. */
  #addPeer(peer: string, { outcome, scope }: SendResult): Finding {
    const failed = outcome === 'unreached' || outcome === 'uncertain'
    this.#peers.add(peer, failed)
    const isOutage = failed && this.#peers.mostFail()
    return { isMessagesOwn: scope === 'message', ...(isOutage && { reason: 'unreachable' as const }) }
  }

  /** Only messages that were never refused tell that the account is refused anew. */
  #addAccount(result: SendResult, { refusedBefore }: AttemptOrigin): Finding {
    if (refusedBefore) return { isMessagesOwn: true }
    this.#accountRun += 1
    const isRecent = this.#now() - this.#succeededAt <= WINDOW_MS
    if (isRecent && this.#accountRun <= MAX_ACCOUNT_RUN) return { isMessagesOwn: true }
    return { isMessagesOwn: false, reason: accountReason(result) }
  }

  #reasonToOpen(ramping: boolean): BreakerReason | undefined {
    const { total, failed } = this.#mailings.counts()
    if (failed * 2 < total) return undefined
    if (ramping ? failed < LEAST_FAILURES_RAMPING : total < LEAST_RESULTS) return undefined
    if (this.#unreached.counts().failed * 2 >= total) return 'unreachable'
    return this.#mailings.hasHealthy() ? undefined : 'failing'
  }
}
