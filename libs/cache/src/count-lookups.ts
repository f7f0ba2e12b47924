import { gauge, tallies, type Metrics, type Tally } from '@runnel/observability'

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
  const start = tallies(
    metrics,
    'runnel_cache_requests_total',
    'Look-ups by layer (memory, redis, loader) and outcome; stale: served, or found, past its time',
    ['layer', 'outcome'],
  )
  gauge(
    metrics,
    'runnel_cache_memory_bytes',
    'Size of the entries in this process',
    [],
    (g) => g.set(bytes()),
    'sum',
  )
  const lookups = new Map<string, Tally>(
    COUNTED.map(([layer, outcome]) => [`${layer}.${outcome}`, start({ layer, outcome })]),
  )
  return (outcome) => lookups.get(outcome)?.add()
}
