import { expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startCaptureServer } from './capture-server.ts'

const TARGET = join(import.meta.dirname, '../src/transports/pino-transport.ts')

/** The end of a transport blocks the thread of its logger, which therefore cannot be that of the server. */
async function runProgram(options: object, lines: string): Promise<void> {
  const program = `
    import { pino } from 'pino'
    const transport = pino.transport(${JSON.stringify({ target: TARGET, options })})
    ${lines}`
  const args = ['--input-type=module', '--eval', program]
  const { stderr } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname })
  expect(stderr).toBe('')
}

test('lines of pino become logs: level, time, message, error, service and trace have their members', async () => {
  await using server = await startCaptureServer()
  const before = Date.now()
  await runProgram(
    { url: server.url },
    `const options = { name: 'shop', level: 'trace', customLevels: { notice: 35 }, base: { pid: 7 } }
     const log = pino(options, transport)
     const trace = { trace_id: '5b8efff798038103d269b633813fc60c', span_id: 'eee19b7ec3c1b174' }
     log.info({ orderId: 5, eventId: 'of an order', ...trace }, 'paid')
     log.notice('noticed')
     log.error(new TypeError('broken'))`,
  )
  const [paid, noticed, failed] = server.events
  expect(paid).toEqual({
    ...{ level: 'info', message: 'paid', service: 'shop', timestamp: expect.any(Number) },
    ...{ traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174' },
    eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    attributes: { pid: 7, orderId: 5, eventId: 'of an order' },
  })
  expect(paid!['timestamp']).toBeGreaterThanOrEqual(before)
  expect(noticed).toMatchObject({ level: 'notice', message: 'noticed' })
  expect(failed).toMatchObject({
    ...{ level: 'error', message: 'broken' },
    error: { type: 'TypeError', message: 'broken', stack: expect.stringContaining('TypeError: broken') },
  })
  expect(server.events).toHaveLength(3)
})

test('the end of the transport sends what is queued, and keys of its own names are understood', async () => {
  await using server = await startCaptureServer()
  await runProgram(
    { url: server.url, service: 'own', batchAgeMs: 60_000 },
    `const log = pino({ messageKey: 'text', errorKey: 'failure' }, transport)
     log.warn({ failure: new Error('inner') }, 'outer')
     transport.end()`,
  )
  expect(server.events).toMatchObject([
    { level: 'warn', message: 'outer', service: 'own', error: { message: 'inner' } },
  ])
})
