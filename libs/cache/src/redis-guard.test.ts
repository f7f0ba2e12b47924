import { expect, jest, test } from '@jest/globals'
import { RedisBreaker } from './redis-breaker.ts'
import { createRedisGuard } from './redis-guard.ts'

const PAUSE_MS = 1000

/** A guard whose clock stands still unless it is moved, and a Redis that answers or fails. */
function open() {
  const clock = { ms: 0 }
  const onOutage = jest.fn<(unreachable: boolean) => void>()
  const guard = createRedisGuard(new RedisBreaker(() => clock.ms, PAUSE_MS), (unreachable) =>
    onOutage(unreachable),
  )
  const answer = jest.fn(() => Promise.resolve('answer'))
  const fail = jest.fn(() => Promise.reject<string>(new Error('timeout')))
  return { clock, onOutage, guard, answer, fail }
}

test('after a failure no command is sent for a pause, then one at a time until one succeeds', async () => {
  const { clock, guard, answer, fail } = open()
  expect(await guard(fail)).toBeUndefined()
  clock.ms = PAUSE_MS - 1
  for (let i = 0; i < 50; i++) expect(await guard(answer)).toBeUndefined()
  expect(answer).not.toHaveBeenCalled()
  clock.ms = PAUSE_MS
  const probes = [guard(fail), guard(fail), guard(answer)]
  expect(await Promise.all(probes)).toEqual([undefined, undefined, undefined])
  expect([fail.mock.calls.length, answer.mock.calls.length]).toEqual([2, 0])
  clock.ms = 2 * PAUSE_MS
  expect(await guard(answer)).toBe('answer')
  expect(await guard(answer)).toBe('answer')
})

test('an outage is reported once when it begins, and once when it ends', async () => {
  const { clock, onOutage, guard, answer, fail } = open()
  await guard(answer)
  for (clock.ms = 0; clock.ms < 5 * PAUSE_MS; clock.ms += PAUSE_MS) await guard(fail)
  await guard(answer)
  await guard(answer)
  expect(onOutage.mock.calls).toEqual([[true], [false]])
})
