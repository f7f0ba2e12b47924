import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { Answer } from '../http/parse-answer.ts'
import { StreamRun } from './stream-run.ts'

type Post = (signal: AbortSignal) => Promise<Answer>

const SETTINGS = {
  ratePerSecond: 1,
  kinds: { logs: 1, metrics: 0, products: 0, traces: 0 },
  seed: 1,
  batch: 1,
}

/** A run that has sent one event. */
function startRun(post: Post): StreamRun {
  return new StreamRun({
    client: { post: (_kind, _body, signal) => post(signal) },
    maxOutstanding: 1,
    metrics: { events: () => undefined, request: () => undefined },
    onAnswer: () => undefined,
    settings: () => SETTINGS,
  })
}

// Time passes only when the test advances it.
beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick'] }))
afterEach(() => void jest.useRealTimers())

describe('the end of a run', () => {
  it('waits for nothing while ingest-api is unreachable: only a next try would come', async () => {
    const run = startRun(() => Promise.resolve({ type: 'unreachable', reason: 'no answer (ECONNREFUSED)' }))
    await jest.advanceTimersByTimeAsync(0)
    await run.end()
    expect(run.outstanding).toBe(0)
    expect(run.counts.byKind.logs).toMatchObject({ sent: 1, failed: 1 })
  })

  it('gives up after 3 s a request that is not answered', async () => {
    const run = startRun(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    const ending = run.end()
    await jest.advanceTimersByTimeAsync(2999)
    expect(run.outstanding).toBe(1)
    await jest.advanceTimersByTimeAsync(1)
    await ending
    expect(run.counts.byKind.logs).toMatchObject({ sent: 1, failed: 1 })
  })
})
