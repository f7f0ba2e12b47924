import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { mersenne } from 'pure-rand/generator/mersenne'
import { busyness, isTrouble } from './shop-day.ts'

const DAY_MS = 86_400_000
const MOST = 6000

type Line = readonly [level: string, service: string, message: (order: number) => string]

const USUAL: readonly Line[] = [
  ['info', 'shop', (order) => `order ${order} accepted, ${1 + (order % 4)} items`],
  ['info', 'payment', (order) => `authorised order ${order}`],
  ['info', 'mailer', (order) => `sent the confirmation of order ${order}`],
  ['debug', 'search', (order) => `query "notebook" took ${4 + (order % 23)} ms`],
  ['info', 'shop', (order) => `order ${order} handed to the carrier`],
  ['warn', 'shop', (order) => `stock of product ${order % 97} is down to ${order % 5}`],
]

const TROUBLED: readonly Line[] = [
  ['error', 'payment', (order) => `order ${order}: the provider answered 503, giving up after 3 attempts`],
  ['warn', 'payment', (order) => `order ${order}: no answer from the provider, trying again`],
]

/** A day of a small shop's logs, as bodies for ingest-api. @param nowMs its end */
export function createShopLogs(nowMs: number): object[] {
  const generator = mersenne(7)
  const random = () => uniformFloat64(generator)
  const logs: object[] = []
  for (let i = 0; i < MOST; i++) {
    const timeMs = nowMs - Math.floor(random() * DAY_MS)
    if (random() > busyness(timeMs)) continue
    const isHit = isTrouble(timeMs) && random() < 0.6
    const lines = isHit ? TROUBLED : USUAL
    const [level, service, message] = lines[Math.floor(random() ** 1.4 * lines.length)]!
    const order = 24_000 + Math.floor(((timeMs - nowMs + DAY_MS) / DAY_MS) * 4000)
    const host = `web-${1 + Math.floor(random() * 3)}`
    logs.push({
      ...{ level, service, message: message(order), order, host },
      timestamp: new Date(timeMs).toISOString(),
    })
  }
  return logs
}
