import type { ChangeNotice, Kind, Topology } from '@runnel/contracts'
import type { Message, Notices } from '@runnel/messaging'
import type { Database } from '@runnel/repositories-database'
import {
  storeLogs,
  storeMetrics,
  storeProducts,
  storeSpans,
  type EventRow,
  type LogRow,
  type StoreResult,
} from '@runnel/repositories-events'
import type { LogAnnouncer } from './announce-logs.ts'
import type { ConsumerMetrics } from './consumer-metrics.ts'
import { handleBatch, type HandleOptions, type Pipeline } from './handle-batch.ts'
import { promoteLog } from './promote/promote-log.ts'
import { promoteMetric } from './promote/promote-metric.ts'
import { ProductPositions } from './product-positions.ts'
import { promoteProduct } from './promote/promote-product.ts'
import { promoteSpan } from './promote/promote-span.ts'

/** Moves one batch of a kind to PostgreSQL. @throws AbortError of handleBatch */
type BatchHandler = (messages: readonly Message[], options: HandleOptions) => Promise<void>

/** How each kind of event is stored. The consumer runs all of them. */
export type Pipelines = Readonly<Record<Kind, BatchHandler>>

/** Products of one notice: readers believe in no more than four times as many. */
const NOTICE_IDS = 5000

interface LogStoreResult extends StoreResult {
  /** The rows of the batch that are now in the table, also where an earlier delivery wrote them. */
  readonly rows: readonly LogRow[]
}

export function createPipelines(
  database: Database,
  notices: Pick<Notices, 'send'>,
  topology: Topology,
  announcer: Pick<LogAnnouncer, 'announce'>,
  metrics: Pick<ConsumerMetrics, 'unreadTimes'>,
): Pipelines {
  const positions = new ProductPositions(database)
  return {
    logs: pipeline({
      kind: 'logs',
      promote: promoteLog,
      store: async (rows, replayed): Promise<LogStoreResult> => {
        const result = await storeLogs(database, rows, replayed)
        const dropped = new Set([...result.duplicates, ...result.reused].map(({ id }) => id))
        return { ...result, rows: dropped.size === 0 ? rows : rows.filter(({ id }) => !dropped.has(id)) }
      },
      announce: ({ rows }) => {
        metrics.unreadTimes('logs', rows.filter(({ timeUnread }) => timeUnread).length)
        announcer.announce(rows)
      },
    }),
    metrics: pipeline({
      kind: 'metrics',
      promote: promoteMetric,
      store: (rows, replayed) => storeMetrics(database, rows, replayed),
    }),
    products: inTurnWithoutPositions(
      pipeline({
        kind: 'products',
        promote: promoteProduct,
        place: (messages) => positions.place(messages),
        store: (rows, replayed) => storeProducts(database, rows, replayed),
        announce: ({ productIds, version }) => {
          for (let from = 0; from < productIds.length; from += NOTICE_IDS) {
            const notice: ChangeNotice = { productIds: productIds.slice(from, from + NOTICE_IDS), version }
            notices.send(topology.changes, Buffer.from(JSON.stringify(notice)))
          }
        },
      }),
    ),
    traces: pipeline({
      kind: 'traces',
      promote: promoteSpan,
      store: (rows, replayed) => storeSpans(database, rows, replayed),
    }),
  }
}

/**
 * Where the broker gives no positions, the order of commits is that of products: then one batch at a time. Batches come in the
 * order in which the broker delivers.
 */
function inTurnWithoutPositions(handle: BatchHandler): BatchHandler {
  let turn: Promise<unknown> = Promise.resolve()
  return (messages, options) => {
    if (messages.every(({ position }) => position !== undefined)) return handle(messages, options)
    const handling = turn.then(() => handle(messages, options))
    turn = handling.catch(() => undefined)
    return handling
  }
}

/** Hides the types of rows and results, which differ by kind. */
function pipeline<R extends EventRow, Result extends StoreResult>(one: Pipeline<R, Result>): BatchHandler {
  return (messages, options) => handleBatch(messages, one, options)
}
