import { amountFor, type Row } from '../contest.ts'
import { CONNECTIONS, openDrainContest, type Backlog } from '../drain/drain-contest.ts'
import { EventTable } from '../drain/event-table.ts'
import { fillStream } from '../drain/fill-stream.ts'
import { ProductTables } from '../drain/product-tables.ts'
import { createLogs } from '../log-items.ts'
import { createItems } from '../metric-items.ts'
import { createProducts } from '../product-items.ts'

const AIM = 0.6
/** JetStream hands out some 66,000 messages a second, each with an ack of its own: a fifth of what COPY stores, at the best. */
const RAW_AIM = 0.15
const COPY = `COPY of the same rows into the same table, ${CONNECTIONS} connections`

/** Events that a turn drains for each second that a measurement is to take. */
const EVENTS_PER_SECOND = 100_000
/** Of those that cost more: each its own message, or an update of a product. */
const DEAR_EVENTS_PER_SECOND = 30_000

const row = (title: string, ceiling: string, backlog: (seconds: number) => Backlog, aim = AIM): Row => ({
  title,
  ceiling,
  anyBroker: true,
  unit: 'rows/s',
  aim,
  open: ({ stack, seconds, broker }) => openDrainContest(stack, backlog(seconds), broker),
})

export const drain = row('Backlog of metrics to PostgreSQL', COPY, (seconds) => {
  const events = amountFor(seconds, EVENTS_PER_SECOND)
  return {
    kind: 'metrics',
    events,
    fill: ({ ingest }) => fillStream({ url: `${ingest}/api/v1/metrics`, count: events, createItems }),
    openTable: (stack, url) => EventTable.open(stack, url, 'metric'),
  }
})

export const drainLogs = row('Backlog of logs', COPY, (seconds) => {
  const events = amountFor(seconds, EVENTS_PER_SECOND)
  return {
    kind: 'logs',
    events,
    fill: ({ ingest }) =>
      fillStream({ url: `${ingest}/api/v1/logs`, count: events, createItems: createLogs }),
    openTable: (stack, url) => EventTable.open(stack, url, 'log'),
  }
})

export const drainProducts = row(
  'Backlog of events of known products, one each',
  `COPY of the same events, and one update of all products from a COPY, ${CONNECTIONS} connections`,
  (seconds) => {
    const events = amountFor(seconds, DEAR_EVENTS_PER_SECOND)
    return {
      kind: 'products',
      events,
      fill: ({ ingest }) =>
        fillStream({ url: `${ingest}/api/v1/products`, count: events, createItems: createProducts }),
      openTable: (stack, url) => ProductTables.open(stack, url, events),
    }
  },
)

export const drainRaw = row(
  'Backlog of raw messages, one metric each',
  COPY,
  (seconds) => {
    const events = amountFor(seconds, DEAR_EVENTS_PER_SECOND)
    return {
      kind: 'metrics',
      events,
      fill: ({ broker }) => broker.publishRaw(events),
      openTable: (stack, url) => EventTable.open(stack, url, 'metric'),
    }
  },
  RAW_AIM,
)
