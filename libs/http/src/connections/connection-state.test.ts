import { expect, it } from '@jest/globals'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { ConnectionState } from './connection-state.ts'

const limits = { slowMs: 1000, slowBytes: 100 }

/** A connection whose numbers the test sets. */
function createConnection() {
  const socket = { bytesRead: 0, writableLength: 0, _bytesDispatched: 0 }
  const request = { complete: false, destroyed: false, readableLength: 0 }
  const answer = { closed: false, writableLength: 0 }
  const state = new ConnectionState(socket as unknown as Socket)
  state.begin(request as unknown as IncomingMessage, answer as unknown as ServerResponse)
  const slowAt = (nowMs: number) => state.slowBody(nowMs, limits) !== undefined
  const slowReaderAt = (nowMs: number) => state.isSlowReader(nowMs, limits)
  return { socket, request, answer, state, slowAt, slowReaderAt }
}

it('a body that trickles is slow; one that comes at the least rate is not', () => {
  const { socket, slowAt } = createConnection()
  for (let nowMs = 0; nowMs < 10_000; nowMs += 500) {
    expect(slowAt(nowMs)).toBe(false)
    socket.bytesRead += 60
  }
  socket.bytesRead += 10
  const states = [10_000, 10_500, 11_000, 11_500].map((nowMs) => {
    socket.bytesRead += 1
    return slowAt(nowMs)
  })
  // Once: then it is dealt with.
  expect(states.filter((isSlow) => isSlow)).toHaveLength(1)
})

it('a body that waits for the app, or has come, is never slow', () => {
  const { request, slowAt } = createConnection()
  request.readableLength = 1
  expect([0, 5000, 10_000].map(slowAt)).toEqual([false, false, false])
  request.readableLength = 0
  expect([10_000, 10_900].map(slowAt)).toEqual([false, false])
  request.complete = true
  expect(slowAt(20_000)).toBe(false)
})

it('a reader is slow only while something waits for it', () => {
  const { socket, answer, slowReaderAt } = createConnection()
  expect([0, 5000].map(slowReaderAt)).toEqual([false, false])
  answer.writableLength = 5000
  expect([6000, 6900, 7000].map(slowReaderAt)).toEqual([false, false, true])
  socket._bytesDispatched += 100
  expect([7100, 8000].map(slowReaderAt)).toEqual([false, false])
  answer.closed = true
  expect(slowReaderAt(20_000)).toBe(false)
})
