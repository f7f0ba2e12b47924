import type { CacheState } from '../../api/system.ts'
import { formatCount, formatPercent } from '../../format/number.ts'
import { Card } from '../../parts/card.tsx'
import { Facts } from '../../parts/facts.tsx'
import { knownBytes } from './known.ts'

/** How much of what is read comes from the cache. */
export function CacheCard({ cache }: { cache: CacheState }) {
  const { hitRatio, lookups, memoryHits, redisHits, staleHits, failedLoads, memoryBytes } = cache
  return (
    <Card title="Cache">
      <p class="ratio">
        <b>{hitRatio === null ? '–' : formatPercent(hitRatio)}</b> hits
        <span class="quiet"> of {formatCount(lookups)} look-ups since query-api started</span>
      </p>
      <Facts
        facts={[
          ['From memory', formatCount(memoryHits)],
          ['From Redis', formatCount(redisHits)],
          ['Stale', formatCount(staleHits)],
          ['Failed loads', formatCount(failedLoads)],
          ['Memory', knownBytes(memoryBytes)],
        ]}
      />
    </Card>
  )
}
