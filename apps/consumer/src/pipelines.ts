import type { ChangeNotice, Topology } from '@runnel/contracts'
import type { Notices } from '@runnel/messaging'
import type { Database } from '@runnel/repositories-database'
import {
  type LogRow,
  type MetricRow,
  type ProductRow,
  type ProductStoreResult,
  storeLogs,
  storeMetrics,
  storeProducts,
  type StoreResult,
} from '@runnel/repositories-events'
import type { LogAnnouncer } from './announce-logs.ts'
import type { Pipeline } from './pipeline.ts'
import { promoteLog } from './promote/promote-log.ts'
import { promoteMetric } from './promote/promote-metric.ts'
import { promoteProduct } from './promote/promote-product.ts'

/** The three ways of an event into PostgreSQL. */
export interface Pipelines {
  readonly logs: Pipeline<LogRow, LogStoreResult>
  readonly metrics: Pipeline<MetricRow, StoreResult>
  readonly products: Pipeline<ProductRow, ProductStoreResult>
}

interface LogStoreResult extends StoreResult {
  /** What now stands in the table, whoever wrote it there. */
  readonly rows: readonly LogRow[]
}

export function createPipelines(
  database: Database,
  notices: Pick<Notices, 'send'>,
  topology: Topology,
  announcer: Pick<LogAnnouncer, 'announce'>,
): Pipelines {
  return {
    logs: {
      kind: 'logs',
      promote: promoteLog,
      store: async (rows, replayed) => {
        const result = await storeLogs(database, rows, replayed)
        const dropped = new Set(result.duplicates)
        return { ...result, rows: dropped.size === 0 ? rows : rows.filter(({ id }) => !dropped.has(id)) }
      },
      announce: ({ rows }) => announcer.announce(rows),
    },
    metrics: {
      kind: 'metrics',
      promote: promoteMetric,
      store: (rows, replayed) => storeMetrics(database, rows, replayed),
    },
    products: {
      kind: 'products',
      promote: promoteProduct,
      store: (rows, replayed) => storeProducts(database, rows, replayed),
      announce: ({ productIds, version }) => {
        const notice: ChangeNotice = { productIds, version }
        notices.send(topology.changes, Buffer.from(JSON.stringify(notice)))
      },
    },
  }
}
