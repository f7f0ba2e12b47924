import type { JsonObject, SpanKind } from '@runnel/contracts'
import { hash } from 'node:crypto'
import { pick, type Random } from '../../load/random.ts'
import type { EventMaker } from './event-maker.ts'

/** What a service does, and what it calls for that. */
interface Operation {
  readonly service: string
  readonly name: string
  readonly kind: SpanKind
  /** Of its own work, beside that of what it calls. */
  readonly typicalMs: number
  readonly failing: number
  readonly calls?: readonly Operation[]
}

const query = (service: string, name: string, typicalMs: number): Operation => ({
  ...{ service, name, typicalMs },
  kind: 'client',
  failing: 0.001,
})

/** A call over the network has two sides: the client's span is the parent of the server's. */
const call = (service: string, to: Operation): Operation => ({
  ...{ service, name: to.name, kind: 'client', typicalMs: 1, failing: 0 },
  calls: [to],
})

const PAYMENT: Operation = {
  ...{ service: 'payment', name: 'POST /charges', kind: 'server', typicalMs: 40, failing: 0.02 },
  calls: [query('payment', 'insert charge', 5)],
}

const ENTRIES: readonly [Operation, ...Operation[]] = [
  {
    ...{ service: 'gateway', name: 'GET /search', kind: 'server', typicalMs: 2, failing: 0 },
    calls: [
      call('gateway', {
        ...{ service: 'search', name: 'GET /products', kind: 'server', typicalMs: 15, failing: 0.005 },
        calls: [query('search', 'select products', 12)],
      }),
    ],
  },
  {
    ...{ service: 'gateway', name: 'POST /orders', kind: 'server', typicalMs: 3, failing: 0 },
    calls: [
      call('gateway', {
        ...{ service: 'checkout', name: 'POST /orders', kind: 'server', typicalMs: 8, failing: 0.002 },
        calls: [
          query('checkout', 'select basket', 4),
          call('checkout', PAYMENT),
          query('checkout', 'insert order', 6),
          {
            ...{ service: 'checkout', name: 'orders publish', kind: 'producer', typicalMs: 1, failing: 0 },
            calls: [
              { service: 'mailer', name: 'orders process', kind: 'consumer', typicalMs: 90, failing: 0.01 },
            ],
          },
        ],
      }),
    ],
  },
]

/** Traces of a small shop, span by span: what was called ends, and comes, before what called it. */
export function createSpanEvents(random: Random, run: string): EventMaker {
  const waiting: JsonObject[] = []
  return (atMs) => {
    if (waiting.length === 0) {
      const traceId = hash('sha256', `${run}:${digits(random, 4)}`, 'hex').slice(0, 32)
      follow({ random, traceId, ended: waiting }, pick(random, ENTRIES), undefined, atMs)
    }
    return waiting.shift()!
  }
}

interface Trace {
  readonly random: Random
  readonly traceId: string
  /** In the order in which they end. */
  readonly ended: JsonObject[]
}

/** @returns when it ended, in milliseconds since 1970, and whether it failed */
function follow(
  trace: Trace,
  operation: Operation,
  parentSpanId: string | undefined,
  startMs: number,
): Ended {
  const { random, traceId, ended } = trace
  const { service, name, kind, typicalMs, failing, calls = [] } = operation
  const spanId = digits(random, 2)
  const ownMs = (typicalMs * (0.4 - Math.log(1 - random()))) / (calls.length + 1)
  let failed = random() < failing
  let atMs = startMs + ownMs
  for (const one of calls) {
    const called = follow(trace, one, spanId, atMs)
    failed ||= called.failed
    atMs = called.atMs + ownMs
  }
  ended.push({
    traceId,
    spanId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    ...{ name, service, kind },
    status: failed ? { code: 'error', message: `${name} failed` } : { code: 'unset' },
    startTime: toText(startMs),
    endTime: toText(atMs),
    attributes: { 'thread.id': Math.floor(random() * 8) },
  })
  return { atMs, failed }
}

interface Ended {
  readonly atMs: number
  readonly failed: boolean
}

/** With six decimals. */
function toText(ms: number): string {
  const whole = Math.floor(ms)
  const beyond = String(Math.floor((ms - whole) * 1000)).padStart(3, '0')
  return `${new Date(whole).toISOString().slice(0, -1)}${beyond}Z`
}

function digits(random: Random, words: number): string {
  return Array.from({ length: words }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('')
}
