import { expect, it } from '@jest/globals'
import { askTogether } from './batch-lookups.ts'

interface Question {
  readonly keys: readonly number[]
  answer(): void
  fail(error: Error): void
}

/** A function that asks in one lane, and the questions that arrived. An answer is ten times its key. */
function open({ most = 3, maxWaiting = 10, patienceMs = 60_000 } = {}) {
  const questions: Question[] = []
  const ask = askTogether<number, number>(
    (keys) =>
      new Promise((resolve, reject) => {
        questions.push({ keys, answer: () => resolve((key) => key * 10), fail: reject })
      }),
    { lanes: 1, most, maxWaiting, patienceMs },
  )
  return { ask, questions }
}

it('asks at once for the first, and together for all that come meanwhile', async () => {
  const { ask, questions } = open()
  const first = ask(1)
  const others = Promise.all([ask(2), ask(3)])
  expect(questions.map(({ keys }) => keys)).toEqual([[1]])
  questions[0]!.answer()
  expect(await first).toBe(10)
  expect(questions.map(({ keys }) => keys)).toEqual([[1], [2, 3]])
  questions[1]!.answer()
  expect(await others).toEqual([20, 30])
  // Nothing waits: the next one is alone again.
  void ask(4)
  expect(questions[2]!.keys).toEqual([4])
})

it('asks anew for a key that is being asked for: the answer under way may be older', async () => {
  const { ask, questions } = open()
  void ask(1)
  void ask(1)
  questions[0]!.answer()
  await Promise.resolve()
  await Promise.resolve()
  expect(questions.map(({ keys }) => keys)).toEqual([[1], [1]])
})

it('puts no more than so many keys into a question', async () => {
  const { ask, questions } = open({ most: 2 })
  const all = Promise.all([1, 2, 3, 4].map(ask))
  for (let i = 0; i < 3; i++) {
    questions[i]!.answer()
    await new Promise(setImmediate)
  }
  expect(await all).toEqual([10, 20, 30, 40])
  expect(questions.map(({ keys }) => keys)).toEqual([[1], [2, 3], [4]])
})

it('fails all that were asked for together, and nobody else', async () => {
  const { ask, questions } = open()
  const outcomes = Promise.allSettled([1, 2, 3].map(ask))
  questions[0]!.answer()
  await new Promise(setImmediate)
  questions[1]!.fail(new Error('away'))
  expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  const later = ask(4)
  questions[2]!.answer()
  expect(await later).toBe(40)
})

it('refuses what would wait behind too many', async () => {
  const { ask, questions } = open({ maxWaiting: 2 })
  const accepted = Promise.all([1, 2, 3].map(ask))
  await expect(ask(4)).rejects.toMatchObject({ code: 'too_busy' })
  questions[0]!.answer()
  await new Promise(setImmediate)
  questions[1]!.answer()
  expect(await accepted).toEqual([10, 20, 30])
})

it('waits no longer behind a question that has no answer, and takes that when it comes', async () => {
  const { ask, questions } = open({ patienceMs: 5 })
  const first = ask(1)
  const others = [ask(2), ask(3)]
  while (questions.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(questions[1]!.keys).toEqual([2, 3])
  questions[1]!.answer()
  expect(await Promise.all(others)).toEqual([20, 30])
  questions[0]!.answer()
  expect(await first).toBe(10)
})
