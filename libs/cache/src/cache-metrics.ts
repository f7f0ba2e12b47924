import { counter, gauge, type Metrics } from '@runnel/observability'

const COUNTED = [
  ['memory', 'hit'],
  ['memory', 'stale'],
  ['memory', 'miss'],
  ['redis', 'hit'],
  ['redis', 'stale'],
  ['redis', 'miss'],
  ['redis', 'skipped'],
  ['loader', 'hit'],
  ['loader', 'miss'],
  ['loader', 'failed'],
] as const

type Names = (typeof COUNTED)[number]
export type Outcome = `${Names[0]}.${Names[1]}`

/** @returns a function that counts one look-up by layer and outcome; cheap enough for every request */
export function countLookups(metrics: Metrics, bytes: () => number): (outcome: Outcome) => void {
  const requests = counter(
    metrics,
    'runnel_cache_requests_total',
    'Look-ups by layer (memory, redis, loader) and outcome; stale: served, or found, past its time',
    ['layer', 'outcome'],
  )
  gauge(metrics, 'runnel_cache_memory_bytes', 'Size of the entries in this process', [], (g) =>
    g.set(bytes()),
  )
  const children = new Map<string, { inc(): void }>()
  for (const [layer, outcome] of COUNTED) {
    const child = requests.labels(layer, outcome)
    // Shown from the start: a counter that appears with its first look-up has no increase that an alert could see.
    child.inc(0)
    children.set(`${layer}.${outcome}`, child)
  }
  return (outcome) => children.get(outcome)?.inc()
}
