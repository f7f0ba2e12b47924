import type { JsonObject } from '@runnel/contracts'
import { pick, type Random } from '../../load/random.ts'
import { round } from './round.ts'

export type Level = 'debug' | 'info' | 'warn' | 'error'

/** What a line says, and its fields. */
interface LogLine {
  readonly message: string
  readonly attributes: JsonObject
}

/** A line that a service writes, of ids and durations drawn anew. */
interface LogTemplate {
  readonly service: string
  readonly write: (random: Random) => LogLine
}

const PATHS = ['/api/v1/orders', '/api/v1/products', '/api/v1/basket', '/search', '/login'] as const
const WORDS = ['lamp', 'kettle', 'desk', 'backpack', 'headphones', 'notebook'] as const

const whole = (random: Random, from: number, to: number) => from + Math.floor(random() * (to - from + 1))
/** Most answers are fast, a few are slow. */
const duration = (random: Random, typicalMs: number) => round(typicalMs * (0.4 - Math.log(1 - random())), 1)
const order = (random: Random) => whole(random, 40_000, 49_999)

function request(random: Random, status: number, typicalMs: number): LogLine {
  const [path, durationMs] = [pick(random, PATHS), duration(random, typicalMs)]
  return {
    message: `GET ${path} ${status} in ${durationMs} ms`,
    attributes: { method: 'GET', path, status, durationMs },
  }
}

function aboutOrder(random: Random, text: (orderId: number) => string, more: JsonObject = {}): LogLine {
  const orderId = order(random)
  return { message: text(orderId), attributes: { orderId, ...more } }
}

type Templates = readonly [LogTemplate, ...LogTemplate[]]

export const LOG_TEMPLATES: Readonly<Record<Level, Templates>> = {
  debug: [
    {
      service: 'search',
      write: (random) => {
        const [query, hits] = [pick(random, WORDS), whole(random, 0, 240)]
        return { message: `query "${query}" found ${hits}`, attributes: { query, hits } }
      },
    },
    {
      service: 'checkout',
      write: (random) => aboutOrder(random, (id) => `basket of order ${id} loaded from the cache`),
    },
  ],
  info: [
    { service: 'gateway', write: (random) => request(random, 200, 20) },
    { service: 'gateway', write: (random) => request(random, 304, 5) },
    { service: 'checkout', write: (random) => aboutOrder(random, (id) => `order ${id} accepted`) },
    {
      service: 'payments',
      write: (random) => {
        const amount = round(5 + random() * 300, 2)
        return aboutOrder(random, (id) => `payment of ${amount} EUR for order ${id} captured`, { amount })
      },
    },
    { service: 'mailer', write: (random) => aboutOrder(random, (id) => `receipt of order ${id} sent`) },
  ],
  warn: [
    { service: 'gateway', write: (random) => request(random, 404, 8) },
    { service: 'gateway', write: (random) => request(random, 200, 1500) },
    {
      service: 'payments',
      write: (random) =>
        aboutOrder(random, (id) => `payment for order ${id} declined`, { reason: 'insufficient funds' }),
    },
  ],
  error: [
    { service: 'gateway', write: (random) => request(random, 502, 900) },
    {
      service: 'payments',
      write: (random) => {
        const timeoutMs = 5000
        const text = (id: number) => `the bank did not answer within ${timeoutMs} ms for order ${id}`
        return aboutOrder(random, text, { timeoutMs, attempt: whole(random, 1, 5) })
      },
    },
    {
      service: 'mailer',
      write: (random) => aboutOrder(random, (id) => `receipt of order ${id} not sent: 421 try again later`),
    },
  ],
}
