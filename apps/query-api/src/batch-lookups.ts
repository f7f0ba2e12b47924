import { tooManyQueries } from '@runnel/repositories-database'

/** Looks up all of these at once. @returns how each value is found in the answer */
export type LookUpMany<K, V> = (keys: readonly K[]) => Promise<(key: K) => V>

export interface BatchOptions {
  /** Queries under way at a time; keys that come meanwhile wait for the next one. */
  readonly lanes: number
  /** Keys in one query. */
  readonly maxKeys: number
  /** Keys that may wait; more are refused. */
  readonly maxWaiting: number
  /** Milliseconds after which a query without an answer gives its lane to the next one: it may never have one. */
  readonly patienceMs: number
}

interface Waiting<K, V> {
  readonly key: K
  readonly resolve: (value: V) => void
  readonly reject: (error: unknown) => void
}

/**
 * Makes one query of many look-ups that come at the same time: alone, a key is looked up at once; the higher the load, the
 * more keys share a round trip to the database. A key joins no query that has begun, so that an answer is never older than
 * its request. A query that fails has failed for all of its keys.
 *
 * @throws AppError too_busy, from the function that is returned
 */
export function batchLookups<K, V>(
  lookUpMany: LookUpMany<K, V>,
  { lanes, maxKeys, maxWaiting, patienceMs }: BatchOptions,
): (key: K) => Promise<V> {
  let waiting: Waiting<K, V>[] = []
  let running = 0

  const runNext = async (): Promise<void> => {
    const batch = waiting.slice(0, maxKeys)
    waiting = waiting.slice(maxKeys)
    const leave = takeLane()
    try {
      const answer = await lookUpMany(batch.map(({ key }) => key))
      for (const { key, resolve } of batch) resolve(answer(key))
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    leave()
  }

  /** @returns what frees the lane, once */
  const takeLane = (): (() => void) => {
    running++
    const leave = () => {
      clearTimeout(timer)
      if (isLeft) return
      isLeft = true
      running--
      if (waiting.length > 0) void runNext()
    }
    let isLeft = false
    const timer = setTimeout(leave, patienceMs).unref()
    return leave
  }

  return (key) => {
    if (waiting.length >= maxWaiting) return Promise.reject(tooManyQueries())
    return new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject })
      if (running < lanes) void runNext()
    })
  }
}
