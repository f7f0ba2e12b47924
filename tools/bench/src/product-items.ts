/** What a product looks like in the benchmarks. */
export interface ProductItem {
  readonly id: number
  readonly name: string
  readonly price: number
  readonly manufacturer: string
  readonly colour: string
}

/** The same items in every run, each a product of its own, with ids from 1. @param from number of the first one */
export function createProducts(count: number, from = 0): ProductItem[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i
    // Multiples of a prime modulo another spread the values without a generator.
    const price = ((n * 7919) % 100_003) / 100
    return { id: n + 1, name: `pen ${n}`, price, manufacturer: `maker ${n % 100}`, colour: 'blue' }
  })
}
