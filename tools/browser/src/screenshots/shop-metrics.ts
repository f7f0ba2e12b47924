import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { mersenne } from 'pure-rand/generator/mersenne'
import { busyness, isTrouble } from './shop-day.ts'

const DAY_MS = 86_400_000
const STEP_MS = 300_000
const SERVICES = ['shop', 'payment', 'search'] as const
const BASE_MS = { shop: 45, payment: 120, search: 18 } as const

/** A day of a small shop's measurements, as bodies for ingest-api. @param nowMs its end */
export function createShopMetrics(nowMs: number): object[] {
  const generator = mersenne(11)
  const random = () => uniformFloat64(generator)
  const points: object[] = []
  for (let timeMs = nowMs - DAY_MS; timeMs < nowMs; timeMs += STEP_MS) {
    const timestamp = new Date(timeMs).toISOString()
    const point = (name: string, unit: string, value: number, tags: object) =>
      points.push({ data: { name, unit, value: Math.round(value * 100) / 100, tags, timestamp } })
    const busy = busyness(timeMs)
    for (const service of SERVICES) {
      const slow = service === 'payment' && isTrouble(timeMs) ? 380 : 0
      point('response_time', 'ms', BASE_MS[service] * (0.8 + 0.6 * busy + 0.25 * random()) + slow, {
        service,
      })
      const share = service === 'search' ? 1.6 : 1
      point('requests', '1/s', 40 * share * busy * (0.9 + 0.2 * random()), { service })
    }
    point('orders_waiting', 'orders', Math.floor(9 * busy * random() + (isTrouble(timeMs) ? 30 : 0)), {})
    point('cpu_load', '%', 12 + 55 * busy + 6 * random(), { host: 'web-1' })
  }
  return points
}
