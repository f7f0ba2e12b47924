/** A source of numbers in [0, 1). The same seed gives the same ones, on every machine. */
export type Random = () => number

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough to vary payloads. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** A seed from several numbers (FNV-1a over their 32-bit words, then the finaliser of MurmurHash3). */
export function combineSeeds(...parts: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const part of parts) {
    hash = Math.imul(hash ^ (part >>> 0), 0x01000193)
    hash = Math.imul(hash ^ Math.floor(part / 0x1_0000_0000), 0x01000193)
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
