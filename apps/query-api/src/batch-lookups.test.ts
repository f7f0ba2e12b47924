import { expect, it } from '@jest/globals'
import { batchLookups } from './batch-lookups.ts'

interface Query {
  readonly keys: readonly number[]
  answer(): void
  fail(error: Error): void
}

/** A function that looks up in one lane, and the queries that arrived. A value is ten times its key. */
function open({ maxKeys = 3, maxWaiting = 10, patienceMs = 60_000 } = {}) {
  const queries: Query[] = []
  const lookUp = batchLookups<number, number>(
    (keys) =>
      new Promise((resolve, reject) => {
        queries.push({ keys, answer: () => resolve((key) => key * 10), fail: reject })
      }),
    { lanes: 1, maxKeys, maxWaiting, patienceMs },
  )
  return { lookUp, queries }
}

it('looks up the first key at once, and all that come meanwhile together', async () => {
  const { lookUp, queries } = open()
  const first = lookUp(1)
  const others = Promise.all([lookUp(2), lookUp(3)])
  expect(queries.map(({ keys }) => keys)).toEqual([[1]])
  queries[0]!.answer()
  expect(await first).toBe(10)
  expect(queries.map(({ keys }) => keys)).toEqual([[1], [2, 3]])
  queries[1]!.answer()
  expect(await others).toEqual([20, 30])
  // Nothing waits: the next one is alone again.
  void lookUp(4)
  expect(queries[2]!.keys).toEqual([4])
})

it('looks up a key again that is being looked up: the answer under way may be older', async () => {
  const { lookUp, queries } = open()
  void lookUp(1)
  void lookUp(1)
  queries[0]!.answer()
  await Promise.resolve()
  await Promise.resolve()
  expect(queries.map(({ keys }) => keys)).toEqual([[1], [1]])
})

it('puts no more keys into a query than allowed', async () => {
  const { lookUp, queries } = open({ maxKeys: 2 })
  const all = Promise.all([1, 2, 3, 4].map(lookUp))
  for (let i = 0; i < 3; i++) {
    queries[i]!.answer()
    await new Promise(setImmediate)
  }
  expect(await all).toEqual([10, 20, 30, 40])
  expect(queries.map(({ keys }) => keys)).toEqual([[1], [2, 3], [4]])
})

it('fails all keys of a query, and no others', async () => {
  const { lookUp, queries } = open()
  const outcomes = Promise.allSettled([1, 2, 3].map(lookUp))
  queries[0]!.answer()
  await new Promise(setImmediate)
  queries[1]!.fail(new Error('unreachable'))
  expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  const later = lookUp(4)
  queries[2]!.answer()
  expect(await later).toBe(40)
})

it('refuses what would wait behind too many', async () => {
  const { lookUp, queries } = open({ maxWaiting: 2 })
  const accepted = Promise.all([1, 2, 3].map(lookUp))
  await expect(lookUp(4)).rejects.toMatchObject({ code: 'too_busy' })
  queries[0]!.answer()
  await new Promise(setImmediate)
  queries[1]!.answer()
  expect(await accepted).toEqual([10, 20, 30])
})

it('waits no longer behind a query without an answer, and takes its answer when it comes', async () => {
  const { lookUp, queries } = open({ patienceMs: 5 })
  const first = lookUp(1)
  const others = [lookUp(2), lookUp(3)]
  while (queries.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(queries[1]!.keys).toEqual([2, 3])
  queries[1]!.answer()
  expect(await Promise.all(others)).toEqual([20, 30])
  queries[0]!.answer()
  expect(await first).toBe(10)
})
