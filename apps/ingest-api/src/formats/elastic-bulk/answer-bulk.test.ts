import { describe, expect, it } from '@jest/globals'
import { answerItems, byIndex } from './answer-bulk.ts'

/** @returns what the steps return, and their number */
function run<T>(steps: Generator<void, T>): { readonly value: T; readonly pauses: number } {
  for (let pauses = 0; ; pauses++) {
    const step = steps.next()
    if (step.done) return { value: step.value, pauses }
  }
}

describe('the results of a bulk request', () => {
  it('are in the order of the request, however many steps they take', () => {
    const count = 100_000
    const action = { operation: 'index', index: 'a', id: undefined } as const
    const context = { actions: Array.from({ length: count }, () => action), startMs: 0 }
    const failure = { status: 400, problem: { type: 't', reason: 'r', code: 'c' } }
    const { value, pauses } = run(
      answerItems(
        context,
        (i) => (i === count - 1 ? failure : undefined),
        (i) => String(i),
      ),
    )
    expect(pauses).toBeGreaterThanOrEqual(100)
    const { errors, items } = JSON.parse(String(value.body)) as {
      errors: boolean
      items: { index: { _id: string; status: number } }[]
    }
    expect([errors, items.length]).toEqual([true, count])
    expect(items.every(({ index }, i) => index._id === String(i))).toBe(true)
    expect(items.filter(({ index }) => index.status !== 201)).toHaveLength(1)
  })

  it('are looked up in steps as well', () => {
    const items = Array.from({ length: 100_000 }, (_, n) => ({ index: 2 * n }))
    const { value, pauses } = run(byIndex(items))
    expect([value.size, value.get(199_998)]).toEqual([100_000, items.at(-1)])
    expect(pauses).toBeGreaterThanOrEqual(100)
  })
})
