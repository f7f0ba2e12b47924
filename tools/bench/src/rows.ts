import type { Row } from './contest.ts'
import { mailingStatistics } from './rows/mailing-statistics.ts'
import { materialise } from './rows/materialise.ts'
import { fairness } from './rows/fairness.ts'
import { send } from './rows/send.ts'
import { drain, drainLogs, drainProducts, drainRaw } from './rows/drain.ts'
import { batchPost, batchPost10, ndjsonGzip, singlePost } from './rows/intake.ts'
import { logByAttribute, logCounts, logPage, logSearch, metricSeries } from './rows/event-reads.ts'
import { keyFairness } from './rows/key-fairness.ts'
import { keys } from './rows/keys.ts'
import { growthOfDrain } from './rows/growth-of-drain.ts'
import { growthOfMailingStatistics } from './rows/growth-of-mailing-statistics.ts'
import {
  growthOfLogPage,
  growthOfMetricSeries,
  growthOfProduct,
  growthOfProductList,
} from './rows/growth-reads.ts'
import { bulk, loki } from './rows/log-shippers.ts'
import { otlpLogs, otlpMetrics } from './rows/otlp.ts'
import { remoteWrite } from './rows/remote-write.ts'
import { productById } from './rows/product-by-id.ts'
import { productList } from './rows/product-list.ts'
import { productFromPostgres, productFromRedis } from './rows/product-misses.ts'
import { visible } from './rows/visible.ts'
import { waitStored } from './rows/wait-stored.ts'
import { tail } from './rows/tail.ts'

/** By the name that a person types. */
export const ROWS = {
  single: singlePost,
  'batch-10': batchPost10,
  batch: batchPost,
  'ndjson-gzip': ndjsonGzip,
  'otlp-logs': otlpLogs,
  'otlp-metrics': otlpMetrics,
  'remote-write': remoteWrite,
  bulk,
  loki,
  keys,
  'key-fairness': keyFairness,
  'wait-stored': waitStored,
  visible,
  drain,
  'drain-logs': drainLogs,
  'drain-products': drainProducts,
  'raw-drain': drainRaw,
  product: productById,
  'product-redis': productFromRedis,
  'product-miss': productFromPostgres,
  'product-list': productList,
  send,
  fairness,
  materialise,
  'mailing-stats': mailingStatistics,
  'log-page': logPage,
  'log-counts': logCounts,
  'log-search': logSearch,
  'log-attribute': logByAttribute,
  'metric-series': metricSeries,
  tail,
  'growth-drain': growthOfDrain,
  'growth-product': growthOfProduct,
  'growth-product-list': growthOfProductList,
  'growth-log-page': growthOfLogPage,
  'growth-metric-series': growthOfMetricSeries,
  'growth-mailing-stats': growthOfMailingStatistics,
} satisfies Record<string, Row>

export type RowName = keyof typeof ROWS
