import type { JsonObject } from '@runnel/contracts'
import type { Random } from '../../load/random.ts'
import type { EventMaker } from './event-maker.ts'
import { createWalk } from './create-walk.ts'
import { round } from './round.ts'

const DAY_MS = 86_400_000
const PEAK_HOUR_UTC = 15

/**
 * How busy a day is at a time: from -1 in the small hours to 1 in the afternoon.
 *
 * @param atMs milliseconds since 1970
 */
function dailyWave(atMs: number): number {
  const sincePeak = (atMs % DAY_MS) / DAY_MS - PEAK_HOUR_UTC / 24
  return Math.cos(2 * Math.PI * sincePeak)
}

const HOSTS = [
  { host: 'web-1', service: 'gateway', region: 'eu-west', requestsPerSecond: 120 },
  { host: 'web-2', service: 'gateway', region: 'eu-north', requestsPerSecond: 95 },
  { host: 'api-1', service: 'checkout', region: 'eu-west', requestsPerSecond: 60 },
  { host: 'api-2', service: 'search', region: 'eu-north', requestsPerSecond: 40 },
] as const

/** One gauge of a host: its value at a load from 0 to 1. */
interface Gauge {
  readonly name: string
  readonly unit: string
  readonly read: (load: number, requestsPerSecond: number) => number
}

// All follow the load, so that their curves rise and fall together as those of a real host do.
const GAUGES: readonly Gauge[] = [
  { name: 'cpu.usage', unit: '%', read: (load) => round(4 + load * 88, 1) },
  { name: 'http.requests', unit: '1/s', read: (load, perSecond) => round(perSecond * 2 * load, 1) },
  // Queues grow without measure as a host nears its limit.
  { name: 'http.latency', unit: 'ms', read: (load) => round(12 / (1.05 - load), 1) },
]

/** Part of the load that the hour of the day makes. */
const WAVE = 0.22

/** Metrics of four hosts in turn, three each: so every series has points at even distances. */
export function createMetricEvents(random: Random): EventMaker {
  const walks = HOSTS.map(() =>
    createWalk(random, { home: 0.45, step: 0.03, pull: 0.05, min: 0.25, max: 0.75 }),
  )
  let seq = 0
  return (atMs): JsonObject => {
    const index = seq % HOSTS.length
    const { host, service, region, requestsPerSecond } = HOSTS[index]!
    const { name, unit, read } = GAUGES[Math.floor(seq / HOSTS.length) % GAUGES.length]!
    seq++
    const load = walks[index]!() + WAVE * dailyWave(atMs)
    const tags = { host, service, region }
    return {
      data: {
        name,
        value: read(load, requestsPerSecond),
        unit,
        tags,
        timestamp: new Date(atMs).toISOString(),
      },
    }
  }
}
