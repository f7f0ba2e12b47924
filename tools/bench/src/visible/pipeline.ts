import { eventually, type ManagedProcess } from '@runnel/testing'
import { Pool } from 'undici'
import { fillStream } from '../drain/fill-stream.ts'
import { createItems } from '../metric-items.ts'
import { openApp } from '../open-app.ts'
import type { ProcessCosts } from '../process-costs.ts'
import { publishSteadily } from '../publish-steadily.ts'
import { openNats, openPostgres } from '../stores.ts'
import { StreamView } from '../brokers/stream-view.ts'

const BATCH_ITEMS = 100
const LOAD_CONNECTIONS = 16
const LIMIT_MS = 60_000

/** ingest-api, consumer and query-api over stores of their own: the whole way of a metric. */
export class Pipeline {
  readonly ingest: ManagedProcess
  readonly query: ManagedProcess
  readonly databaseUrl: string
  readonly #stream: StreamView
  readonly #pool: Pool

  private constructor(
    ingest: ManagedProcess,
    query: ManagedProcess,
    databaseUrl: string,
    stream: StreamView,
  ) {
    this.ingest = ingest
    this.query = query
    this.databaseUrl = databaseUrl
    this.#stream = stream
    this.#pool = new Pool(ingest.url, { connections: LOAD_CONNECTIONS })
  }

  static async open(stack: AsyncDisposableStack, costs: ProcessCosts): Promise<Pipeline> {
    const [nats, postgres] = await Promise.all([openNats(stack, costs), openPostgres(stack, costs)])
    const env = { NATS_URL: nats.url, DATABASE_URL: postgres.url, REDIS_URL: 'redis://127.0.0.1:1' }
    const ingest = await openApp(stack, costs, 'ingest-api', env)
    await openApp(stack, costs, 'consumer', env)
    const query = await openApp(stack, costs, 'query-api', env)
    const stream = await StreamView.open(stack, nats.url, 'metrics')
    const pipeline = new Pipeline(ingest, query, postgres.url, stream)
    stack.defer(() => pipeline.#pool.close())
    return pipeline
  }

  /** Sends so many metrics as fast as they are taken. @returns how many a second became rows, all the way */
  async findCapacity(events: number): Promise<number> {
    const from = performance.now()
    const url = `${this.ingest.url}/api/v1/metrics`
    await fillStream({ url, count: events, batchItems: BATCH_ITEMS, createItems })
    await this.untilIdle()
    return (events * 1000) / (performance.now() - from)
  }

  /** Sends metrics at a steady rate, whatever becomes of them. @returns those that were sent, and requests that were refused */
  async load(perSecond: number, seconds: number): Promise<{ events: number; refused: number }> {
    const body = JSON.stringify(createItems(BATCH_ITEMS))
    let refused = 0
    const answers: Promise<void>[] = []
    const send = async (): Promise<void> => {
      const headers = { 'content-type': 'application/json' }
      const response = await this.#pool.request({ method: 'POST', path: '/api/v1/metrics', headers, body })
      await response.body.dump()
      if (response.statusCode !== 202) refused++
    }
    const batches = await publishSteadily(perSecond / BATCH_ITEMS, seconds, (count) => {
      for (let i = 0; i < count; i++) answers.push(send().catch(() => void refused++))
    })
    await Promise.all(answers)
    return { events: batches * BATCH_ITEMS, refused }
  }

  /** Waits until everything that was sent is stored. */
  async untilIdle(): Promise<void> {
    await eventually(async () => (await this.#stream.countUnsettled()) === 0, { timeoutMs: LIMIT_MS })
  }
}
