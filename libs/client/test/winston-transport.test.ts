import { expect, test } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { once } from 'node:events'
import winston from 'winston'
import { RunnelTransport } from '../src/transports/winston-transport.ts'
import { startCaptureServer } from './capture-server.ts'

test('entries of winston become logs: level, time, message, error, service and trace have their members', async () => {
  await using server = await startCaptureServer()
  const transport = new RunnelTransport({ url: server.url, service: 'shop', batchAgeMs: 0 })
  const { combine, colorize, timestamp, errors } = winston.format
  const format = combine(errors({ stack: true }), timestamp(), colorize())
  const logger = winston.createLogger({ format, transports: [transport], defaultMeta: { host: 'a' } })
  const traceId = '5b8efff798038103d269b633813fc60c'
  logger.info('paid', { orderId: 5, eventId: 'of an order', traceId })
  logger.warn('odd', { error: new TypeError('broken', { cause: new Error('deeper') }) })
  logger.debug('below the level')
  await eventually(() => server.events.length === 2)
  const [paid, odd] = server.events
  expect(paid).toEqual({
    ...{ level: 'info', message: 'paid', service: 'shop', traceId },
    ...{ timestamp: expect.stringMatching(/^\d{4}-.*Z$/), eventId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    attributes: { host: 'a', orderId: 5, eventId: 'of an order' },
  })
  expect(odd).toMatchObject({
    ...{ level: 'warn', message: 'odd' },
    error: { type: 'TypeError', message: 'broken', cause: { message: 'deeper' } },
  })
  logger.end()
  await once(transport, 'finish')
})

test('the end of the logger sends what is queued', async () => {
  await using server = await startCaptureServer()
  const transport = new RunnelTransport({ url: server.url, batchAgeMs: 60_000 })
  const logger = winston.createLogger({ transports: [transport] })
  for (let n = 0; n < 100; n++) logger.info(`entry ${n}`)
  logger.end()
  await once(transport, 'finish')
  expect(server.events.map(({ message }) => message)).toEqual(
    Array.from({ length: 100 }, (_, n) => `entry ${n}`),
  )
  expect(transport.counts()).toMatchObject({ delivered: 100, undelivered: 0 })
})

test('a transport that its logger removes sends what it has', async () => {
  await using server = await startCaptureServer()
  const transport = new RunnelTransport({ url: server.url, batchAgeMs: 60_000 })
  const logger = winston.createLogger({ transports: [transport] })
  logger.info('the last one')
  logger.remove(transport)
  await once(transport, 'finish')
  expect(server.events).toMatchObject([{ message: 'the last one' }])
})
