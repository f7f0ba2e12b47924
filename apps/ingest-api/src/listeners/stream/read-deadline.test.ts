import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { ReadDeadline } from './read-deadline.ts'

let late: string[]
let deadline: ReadDeadline

beforeEach(() => {
  jest.useFakeTimers()
  late = []
  deadline = new ReadDeadline({ frameMs: 100, idleMs: 1000 }, (reason) => late.push(reason))
})

afterEach(() => {
  deadline.stop()
  jest.useRealTimers()
})

describe('the deadline of a connection', () => {
  it('is that of the message, however often something of it comes', () => {
    for (let ms = 0; ms < 100; ms += 10) {
      deadline.follow(7)
      jest.advanceTimersByTime(10)
    }
    expect(late).toEqual(['too_slow'])
  })

  it('begins anew with each message', () => {
    for (let frame = 0; frame < 10; frame++) {
      deadline.follow(frame)
      jest.advanceTimersByTime(90)
    }
    expect(late).toEqual([])
  })

  it('is a long one between two messages, which begins anew with whatever comes', () => {
    for (let times = 0; times < 10; times++) {
      deadline.follow(undefined)
      jest.advanceTimersByTime(900)
    }
    expect(late).toEqual([])
    jest.advanceTimersByTime(100)
    expect(late).toEqual(['idle'])
  })

  it('does not count the time in which nothing is read', () => {
    deadline.follow(1)
    jest.advanceTimersByTime(90)
    deadline.stop()
    jest.advanceTimersByTime(10_000)
    deadline.follow(1)
    jest.advanceTimersByTime(90)
    expect(late).toEqual([])
    jest.advanceTimersByTime(10)
    expect(late).toEqual(['too_slow'])
  })
})
