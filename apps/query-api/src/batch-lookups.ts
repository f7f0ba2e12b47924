import { tooBusy } from './too-busy.ts'

/** Asks for all of these at once. @returns how each answer is found in what came back */
export type AskForMany<K, V> = (keys: readonly K[]) => Promise<(key: K) => V>

export interface TogetherOptions {
  /** Questions under way at a time; whoever comes meanwhile waits for the next one. */
  readonly lanes: number
  /** Keys in one question. */
  readonly most: number
  /** Keys that may wait; more are refused. */
  readonly maxWaiting: number
  /** Milliseconds after which a question without an answer gives its lane to the next one: it may never have one. */
  readonly patienceMs: number
}

interface Waiting<K, V> {
  readonly key: K
  readonly resolve: (value: V) => void
  readonly reject: (error: unknown) => void
}

/**
 * Makes one question of many that come at the same time: alone, a key is asked for at once; the busier it gets, the more
 * keys share the way to the database. A key joins no question that has begun, so that an answer is never older than the
 * wish for it. A question that fails has failed for all of its keys.
 *
 * @throws AppError too_busy, from the function that is returned
 */
export function askTogether<K, V>(
  askForMany: AskForMany<K, V>,
  { lanes, most, maxWaiting, patienceMs }: TogetherOptions,
): (key: K) => Promise<V> {
  let waiting: Waiting<K, V>[] = []
  let asking = 0

  const askNext = async (): Promise<void> => {
    const together = waiting.slice(0, most)
    waiting = waiting.slice(most)
    const leave = takeLane()
    try {
      const answer = await askForMany(together.map(({ key }) => key))
      for (const { key, resolve } of together) resolve(answer(key))
    } catch (error) {
      for (const { reject } of together) reject(error)
    }
    leave()
  }

  /** @returns what frees the lane, once */
  const takeLane = (): (() => void) => {
    asking++
    const leave = () => {
      clearTimeout(timer)
      if (isLeft) return
      isLeft = true
      asking--
      if (waiting.length > 0) void askNext()
    }
    let isLeft = false
    const timer = setTimeout(leave, patienceMs).unref()
    return leave
  }

  return (key) => {
    if (waiting.length >= maxWaiting) return Promise.reject(tooBusy())
    return new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject })
      if (asking < lanes) void askNext()
    })
  }
}
