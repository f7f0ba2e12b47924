import { tallies, type Metrics, type Tally } from '@runnel/observability'

/** Keys that have series of their own; the uses of all others are one. */
const MAX_SERIES = 100
const OTHERS = 'other'

export interface UsageOfKey {
  readonly requests: Tally
  readonly refused: Tally
  readonly events: Tally
  readonly bytes: Tally
}

/** @returns the counters of a key by its id, in a bounded number of series */
export function createKeyUsage(metrics: Metrics, maxSeries = MAX_SERIES): (keyId: string) => UsageOfKey {
  const start = (what: string, help: string) =>
    tallies(
      metrics,
      `runnel_key_${what}_total`,
      `${help}, by the id of the API key; beyond ${maxSeries} keys: other`,
      ['key'],
    )
  const startRequests = start('requests', 'Requests that were let in')
  const startRefused = start('refused', 'Requests that were refused by a quota')
  const startEvents = start('events', 'Events in requests')
  const startBytes = start('bytes', 'Bytes of bodies as received')
  const usages = new Map<string, UsageOfKey>()
  const create = (key: string): UsageOfKey => {
    const labels = { key }
    const usage = {
      ...{ requests: startRequests(labels), refused: startRefused(labels) },
      ...{ events: startEvents(labels), bytes: startBytes(labels) },
    }
    usages.set(key, usage)
    return usage
  }
  return (keyId) => {
    const known = usages.get(keyId)
    if (known) return known
    if (usages.size < maxSeries) return create(keyId)
    return usages.get(OTHERS) ?? create(OTHERS)
  }
}
