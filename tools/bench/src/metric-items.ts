/** What a metric looks like in the benchmarks: small, named, with a tag. */
export interface MetricItem {
  readonly data: { name: string; value: number; unit: string; tags: { host: string } }
}

const NAMES = 20
const HOSTS = 50

/** The same items in every run. @param from number of the first one */
export function createItems(count: number, from = 0): MetricItem[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i
    // Multiples of a prime modulo another spread the values without a generator.
    const value = ((n * 7919) % 100_003) / 100
    const tags = { host: `web-${n % HOSTS}` }
    return { data: { name: `cpu.load.${n % NAMES}`, value, unit: 'percent', tags } }
  })
}
