import { parseExposition } from '@runnel/observability'

/** Where a look-up of the cache ended: `memory.hit`, `redis.miss` and so on, as query-api counts them. */
export type Lookups = Readonly<Record<string, number>>

const METRIC: ReadonlySet<string> = new Set(['runnel_cache_requests_total'])

/** @param url of a query-api @throws Error where it exposes no counts of its cache */
export async function readLookups(url: string): Promise<Lookups> {
  const response = await fetch(`${url}/metrics`)
  const lookups = parseLookups(await response.text())
  if (Object.keys(lookups).length === 0) throw new Error(`${url}/metrics exposes no counts of the cache`)
  return lookups
}

/** @param text in Prometheus' format */
export function parseLookups(text: string): Lookups {
  return Object.fromEntries(
    parseExposition(text, METRIC).map(({ labels, value }) => [
      `${labels['layer']}.${labels['outcome']}`,
      value,
    ]),
  )
}

/** @returns the part of all look-ups since `before` that ended in each of these ways, if every one of them did in all */
export function shareOf(outcomes: readonly string[], before: Lookups, after: Lookups): number {
  const since = (outcome: string) => (after[outcome] ?? 0) - (before[outcome] ?? 0)
  // Every look-up begins in the process.
  const all = since('memory.hit') + since('memory.stale') + since('memory.miss')
  return all === 0 ? 0 : Math.min(...outcomes.map(since)) / all
}
