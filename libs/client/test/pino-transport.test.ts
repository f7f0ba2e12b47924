import { expect, test } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { join } from 'node:path'
import { pino } from 'pino'
import { startCaptureServer } from './capture-server.ts'

const TARGET = join(import.meta.dirname, '../src/transports/pino-transport.ts')

const TRACE = { trace_id: '5b8efff798038103d269b633813fc60c', span_id: 'eee19b7ec3c1b174' }

test('lines of pino become logs: level, time, message, error, service and trace have their members', async () => {
  await using server = await startCaptureServer()
  const transport = pino.transport({ target: TARGET, options: { url: server.url, batchAgeMs: 0 } })
  const before = Date.now()
  const options = { name: 'shop', level: 'trace', customLevels: { notice: 35 }, base: { pid: 7 } }
  const log = pino(options, transport)
  log.info({ orderId: 5, eventId: 'of an order', ...TRACE }, 'paid')
  log.notice('noticed')
  log.error(new TypeError('broken'))
  await eventually(() => server.events.length === 3)
  const [paid, noticed, failed] = server.events
  expect(paid).toEqual({
    ...{ level: 'info', message: 'paid', service: 'shop', timestamp: expect.any(Number) },
    ...{ traceId: TRACE.trace_id, spanId: TRACE.span_id, eventId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    attributes: { pid: 7, orderId: 5, eventId: 'of an order' },
  })
  expect(paid!['timestamp']).toBeGreaterThanOrEqual(before)
  expect(noticed).toMatchObject({ level: 'notice', message: 'noticed' })
  expect(failed).toMatchObject({
    ...{ level: 'error', message: 'broken' },
    error: { type: 'TypeError', message: 'broken', stack: expect.stringContaining('pino-transport.test') },
  })
  const ended = new Promise((resolve) => transport.on('close', resolve))
  transport.end()
  await ended
})

test('the end of the transport sends what is queued, and keys of its own names are understood', async () => {
  await using server = await startCaptureServer()
  const options = { url: server.url, service: 'own', batchAgeMs: 60_000 }
  const transport = pino.transport({ target: TARGET, options })
  const log = pino({ messageKey: 'text', errorKey: 'failure' }, transport)
  log.warn({ failure: new Error('inner') }, 'outer')
  const ended = new Promise((resolve) => transport.on('close', resolve))
  transport.end()
  await ended
  expect(server.events).toMatchObject([
    { level: 'warn', message: 'outer', service: 'own', error: { message: 'inner' } },
  ])
})
