import { describe, expect, it } from '@jest/globals'
import { getEventListeners } from 'node:events'
import { orAborted, pause } from './pause.ts'

const HOUR_MS = 3_600_000

describe('pause', () => {
  it('ends after its time', async () => {
    await pause(1)
    await pause(1, new AbortController().signal)
  })

  it('ends as soon as the signal aborts, and leaves no listener behind', async () => {
    const abort = new AbortController()
    const pausing = pause(HOUR_MS, abort.signal)
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1)
    abort.abort()
    await pausing
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0)
  })

  it('does not begin once the signal has aborted', async () => {
    await pause(HOUR_MS, AbortSignal.abort())
  })
})

describe('orAborted', () => {
  it('passes on what the promise comes to', async () => {
    const { signal } = new AbortController()
    expect(await orAborted(Promise.resolve(1), signal)).toBe(1)
    await expect(orAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no')
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('is undefined as soon as the signal aborts, whatever the promise does afterwards', async () => {
    const abort = new AbortController()
    const { promise, reject } = Promise.withResolvers<number>()
    const waiting = orAborted(promise, abort.signal)
    abort.abort()
    expect(await waiting).toBeUndefined()
    reject(new Error('too late'))
    expect(await orAborted(Promise.reject(new Error('no')), abort.signal)).toBeUndefined()
  })
})
