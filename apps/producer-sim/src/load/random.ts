import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'

/** A source of numbers in [0, 1). The same seeds give the same ones, on every machine. */
export type Random = () => number

/** @param seeds integers; they are hashed together, because the first numbers of a generator are close to its seed */
export function createRandom(...seeds: readonly number[]): Random {
  const generator = xorshift128plus(hashSeeds(seeds))
  return () => uniformFloat64(generator)
}

/** FNV-1a over the 32-bit words of the seeds, then the finaliser of MurmurHash3. */
function hashSeeds(seeds: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const seed of seeds) {
    hash = Math.imul(hash ^ (seed >>> 0), 0x01000193)
    hash = Math.imul(hash ^ Math.floor(seed / 0x1_0000_0000), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** One of a non-empty list. */
export function pick<T>(random: Random, list: readonly [T, ...T[]]): T {
  return list[Math.floor(random() * list.length)] ?? list[0]
}

/** One of a non-empty list, each as often as its share says; the shares add up to 1. */
export function pickByShare<T extends { readonly share: number }>(
  random: Random,
  list: readonly [T, ...T[]],
): T {
  let left = random()
  for (const one of list) {
    left -= one.share
    if (left < 0) return one
  }
  return list[0]
}
