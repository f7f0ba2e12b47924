import { expect, test } from '@jest/globals'
import { eventually } from '@runnel/testing'
import type { UndeliveredEvent } from '../src/index.ts'
import { createLoggerSender } from '../src/transports/logger-sender.ts'
import { accept, createFakeServer, refuse } from './fake-server.ts'

const LIMITS = { queueEvents: 10, batchEvents: 5, batchAgeMs: 0, retryMinMs: 1 }

test('a burst of a logger is delivered, however small the queue is', async () => {
  const server = createFakeServer((request) => accept(request))
  const sender = createLoggerSender({ url: 'http://runnel.test', ...LIMITS, fetch: server.fetch })
  for (let n = 0; n < 1000; n++) await sender.log({ message: String(n) })
  await sender.close()
  expect(server.requests.flatMap(({ events }) => events)).toHaveLength(1000)
})

test('a logger does not wait for a server that takes nothing: what does not fit is dropped, until it takes events', async () => {
  let isUp = false
  const server = createFakeServer((request) => (isUp ? accept(request) : refuse(503, 'backlog_full')))
  const undelivered: UndeliveredEvent[] = []
  const sender = createLoggerSender({
    ...{ url: 'http://runnel.test', ...LIMITS, retryMaxMs: 10, fetch: server.fetch },
    onUndelivered: (event) => undelivered.push(event),
  })
  const send = async (from: number, to: number) => {
    for (let n = from; n < to; n++) await sender.log({ message: String(n) })
  }
  await send(0, 30)
  expect(undelivered).toHaveLength(20)
  expect(new Set(undelivered.map(({ code }) => code))).toEqual(new Set(['queue_full']))
  isUp = true
  await eventually(() => sender.counts().delivered === 10)
  await send(30, 100)
  await sender.close()
  expect(undelivered).toHaveLength(20)
  expect(sender.counts()).toMatchObject({ delivered: 80, dropped: 20 })
})
