import type { ChangeNotice, Topology } from '@runnel/contracts'
import type { Notices } from '@runnel/messaging'
import {
  storeLogs,
  storeMetrics,
  storeProducts,
  type Database,
  type LogRow,
  type MetricRow,
  type ProductRow,
  type ProductStoreResult,
  type StoreResult,
} from '@runnel/repositories'
import type { Pipeline } from './pipeline.ts'
import { promoteLog } from './promote/promote-log.ts'
import { promoteMetric } from './promote/promote-metric.ts'
import { promoteProduct } from './promote/promote-product.ts'

/** The three ways of an event into PostgreSQL. */
export interface Pipelines {
  readonly logs: Pipeline<LogRow, StoreResult>
  readonly metrics: Pipeline<MetricRow, StoreResult>
  readonly products: Pipeline<ProductRow, ProductStoreResult>
}

export function createPipelines(
  database: Database,
  notices: Pick<Notices, 'send'>,
  topology: Topology,
): Pipelines {
  return {
    logs: {
      kind: 'logs',
      promote: promoteLog,
      store: (rows, replayed) => storeLogs(database, rows, replayed),
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
