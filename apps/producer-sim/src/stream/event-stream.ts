import { AppError } from '@runnel/contracts'
import type { Logger, Metrics } from '@runnel/observability'
import type { IngestClient } from '../http/ingest-client.ts'
import type { KindWeights } from '../load/kind-mix.ts'
import { createIngestHealth } from './ingest-health.ts'
import { createStreamCounts, type StreamCounts } from './stream-counts.ts'
import { createStreamMetrics, type StreamMetrics } from './stream-metrics.ts'
import type { StreamOptions, StreamSettings } from './stream-options.ts'
import { StreamRun, type RunDeps } from './stream-run.ts'

export interface StreamDeps {
  readonly log: Logger
  readonly metrics: Metrics
  readonly client: IngestClient
  readonly options: StreamOptions
}

/** New values; what is missing stays as it is. */
export type StreamChange = Partial<Omit<StreamSettings, 'kinds'>> & { readonly kinds?: Partial<KindWeights> }

export interface StreamState {
  readonly running: boolean
  /** When it last started or stopped. */
  readonly since: Date
  /** The run that goes on, or the last one. */
  readonly run: string | undefined
  readonly settings: StreamSettings
  readonly outstanding: number
  readonly counts: StreamCounts
}

/** The steady stream: at most one run at a time. Changes take effect one after the other. */
export class EventStream {
  readonly #log: Logger
  readonly #runDeps: RunDeps
  #settings: StreamSettings
  #run: StreamRun | undefined
  #running = false
  #since = new Date()
  #closed = false
  #lastChange: Promise<void> = Promise.resolve()

  constructor({ log, metrics, client, options }: StreamDeps) {
    this.#log = log
    this.#settings = options.settings
    const streamMetrics: StreamMetrics = createStreamMetrics(metrics, () => this.state())
    this.#runDeps = {
      client,
      maxOutstanding: options.maxOutstanding,
      metrics: streamMetrics,
      onAnswer: createIngestHealth(log),
      settings: () => this.#settings,
    }
  }

  state(): StreamState {
    return {
      running: this.#running,
      since: this.#since,
      run: this.#run?.id,
      settings: this.#settings,
      outstanding: this.#run?.outstanding ?? 0,
      counts: this.#run?.counts ?? createStreamCounts(),
    }
  }

  /**
   * Does nothing when it runs.
   *
   * @throws AppError shutting_down once it was closed
   */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#closed) throw new AppError('shutting_down', 'The simulator is shutting down')
      if (!this.#running) this.#begin()
    })
  }

  /** Resolves when nothing is under way any more. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#end())
  }

  /**
   * Takes effect at once, also while it runs. Another seed begins another run.
   *
   * @throws AppError invalid_field when no kind would be left
   */
  change(change: StreamChange): Promise<void> {
    return this.#inTurn(async () => {
      const kinds = { ...this.#settings.kinds, ...change.kinds }
      if (Object.values(kinds).every((weight) => weight === 0))
        throw new AppError('invalid_field', 'No kind would be left', {
          field: '/kinds',
          expected: 'at least one weight above 0',
        })
      const reseeds = this.#running && change.seed !== undefined && change.seed !== this.#settings.seed
      if (reseeds) await this.#end()
      this.#settings = { ...this.#settings, ...change, kinds }
      if (reseeds && !this.#closed) this.#begin()
    })
  }

  /** Stops it for good. */
  close(): Promise<void> {
    this.#closed = true
    return this.stop()
  }

  #begin(): void {
    this.#run = new StreamRun(this.#runDeps)
    this.#setRunning(true)
  }

  async #end(): Promise<void> {
    if (!this.#running) return
    await this.#run?.end()
    this.#setRunning(false)
  }

  #setRunning(running: boolean): void {
    this.#running = running
    this.#since = new Date()
    const { id, counts } = this.#run ?? {}
    this.#log.info(
      { runId: id, ...(!running && { counts: counts?.byKind }) },
      running ? 'stream started' : 'stream stopped',
    )
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#lastChange.then(work)
    this.#lastChange = done.catch(() => undefined)
    return done
  }
}
