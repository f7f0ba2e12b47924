import type { JsonObject, Kind } from '@runnel/contracts'
import { randomUUID } from 'node:crypto'
import type { IngestClient } from '../http/ingest-client.ts'
import type { Answer } from '../http/parse-answer.ts'
import { postUntilAnswered } from '../http/post-until-answered.ts'
import { chooseKind, mixOf } from '../load/kind-mix.ts'
import { createRandom, type Random } from '../load/random.ts'
import { createStreamEvents, type StreamEvents } from './events/stream-events.ts'
import { runPacedLoop } from './paced-loop.ts'
import { countTry, createStreamCounts, type Outcome } from './stream-counts.ts'
import type { StreamMetrics } from './stream-metrics.ts'
import type { StreamSettings } from './stream-options.ts'

type Client = Pick<IngestClient, 'post'>

export interface RunDeps {
  readonly client: Client
  readonly maxOutstanding: number
  readonly metrics: StreamMetrics
  /** Called with each answer. */
  readonly onAnswer: (answer: Answer) => void
  /** Asked for each request. */
  readonly settings: () => StreamSettings
}

/** An event that got no answer for so long is given up. */
const GIVE_UP_AFTER_MS = 60_000
/** A Retry-After beyond this is not believed. */
const MAX_PAUSE_MS = 120_000
/** What a stop allows requests that are under way. */
const DRAIN_MS = 3000

/** One sequence of events, from a start to a stop. */
export class StreamRun {
  /** Stands in the keys of its events. */
  readonly id = randomUUID()
  readonly counts = createStreamCounts()
  readonly #deps: RunDeps
  readonly #events: StreamEvents
  readonly #random: Random
  readonly #outstanding = new Set<Promise<void>>()
  readonly #stopped = new AbortController()
  readonly #cut = new AbortController()
  readonly #loop: Promise<void>
  #pausedUntilMs = 0

  /** Sends from now on. */
  constructor(deps: RunDeps) {
    const { settings } = deps
    this.#deps = deps
    this.#events = createStreamEvents(settings().seed, this.id)
    this.#random = createRandom(settings().seed)
    const requestsPerSecond = () => settings().ratePerSecond / settings().batch
    this.#loop = runPacedLoop(requestsPerSecond, () => this.#fire(), this.#stopped.signal)
  }

  /** Requests without an answer. */
  get outstanding(): number {
    return this.#outstanding.size
  }

  /** No more events and no more tries. Resolves once what is under way is answered, or given up after 3 s. */
  async end(): Promise<void> {
    this.#stopped.abort()
    const timer = setTimeout(() => this.#cut.abort(), DRAIN_MS)
    await Promise.all([this.#loop, ...this.#outstanding]).finally(() => clearTimeout(timer))
  }

  #fire(): void {
    const { kinds, batch } = this.#deps.settings()
    const kind = chooseKind(mixOf(kinds), this.#random)
    const isFull = this.#outstanding.size >= this.#deps.maxOutstanding
    if (isFull || performance.now() < this.#pausedUntilMs) return this.#count(kind, 'skipped', batch)
    const items = Array.from({ length: batch }, () => this.#events.next(kind, Date.now()))
    const sent = this.#send(kind, items).finally(() => this.#outstanding.delete(sent))
    this.#outstanding.add(sent)
  }

  async #send(kind: Kind, items: readonly JsonObject[]): Promise<void> {
    this.counts.byKind[kind].sent += items.length
    const body = JSON.stringify(items.length === 1 ? items[0] : items)
    const retry = { giveUpAfterMs: GIVE_UP_AFTER_MS, noMoreTries: this.#stopped.signal }
    const client = { post: (...request: Parameters<Client['post']>) => this.#try(...request) }
    try {
      const { answer } = await postUntilAnswered(client, kind, body, this.#cut.signal, retry)
      const rejected = answer.type === 'accepted' ? answer.rejected.length : 0
      this.#count(kind, 'rejected', rejected)
      this.#count(kind, outcomeOf(answer), items.length - rejected)
    } catch (error) {
      if (!this.#cut.signal.aborted) throw error
      this.#count(kind, 'failed', items.length)
    }
  }

  async #try(kind: Kind, body: string, signal: AbortSignal): Promise<Answer> {
    const startedMs = performance.now()
    const answer = await this.#deps.client.post(kind, body, signal)
    this.#deps.metrics.request(kind, answer, (performance.now() - startedMs) / 1000)
    this.#deps.onAnswer(answer)
    countTry(this.counts, answer)
    // Asked of one request, it is meant for all.
    if (answer.type === 'busy' && answer.retryAfterMs !== undefined) {
      const pauseMs = Math.min(MAX_PAUSE_MS, answer.retryAfterMs)
      this.#pausedUntilMs = Math.max(this.#pausedUntilMs, performance.now() + pauseMs)
    }
    return answer
  }

  #count(kind: Kind, outcome: Outcome, events: number): void {
    this.counts.byKind[kind][outcome] += events
    this.#deps.metrics.events(kind, outcome, events)
  }
}

function outcomeOf(answer: Answer): Outcome {
  if (answer.type === 'accepted') return 'acknowledged'
  return answer.type === 'rejected' || answer.type === 'too-large' ? 'rejected' : 'failed'
}
