import { expect, test } from '@jest/globals'
import { eventually } from '../src/index.ts'

test('polls over false, null and errors until there is a value', async () => {
  const answers = [() => false as const, () => null, () => Promise.reject(new Error('refused')), () => 0]
  let calls = 0
  expect(await eventually(() => answers[calls++]?.(), { everyMs: 1 })).toBe(0)
  expect(calls).toBe(4)
})

test('gives up in time and says why', async () => {
  const refused = new Error('refused')
  const failure = await eventually(() => Promise.reject(refused), { timeoutMs: 20, everyMs: 1 }).catch(
    (error: unknown) => error,
  )
  expect(failure).toMatchObject({ message: 'Not within 20 ms: refused', cause: refused })
})
