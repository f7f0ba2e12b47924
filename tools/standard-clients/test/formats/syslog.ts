import { describe, expect, it } from '@jest/globals'
import { runIf } from '@runnel/testing'
import { spawnSync } from 'node:child_process'
import { config, createLogger, format } from 'winston'
import { Syslog } from 'winston-syslog'
import type { ClientPlatform } from '../platform/client-platform.ts'

/** logger(1) of util-linux; those of other systems know no server. */
const hasLogger = /util-linux/.test(spawnSync('logger', ['--version'], { encoding: 'utf8' }).stdout ?? '')

const byMessage = (a: { message: string | null }, b: { message: string | null }) =>
  (a.message ?? '') < (b.message ?? '') ? -1 : 1
const secondOf = (ms: number) => Math.floor(ms / 1000)

/**
 * Clients: winston-syslog over UDP (over TCP it cannot be closed: it connects anew for ever), and logger(1) of util-linux over TCP. No
 * other package for syslog is maintained.
 */
export function testSyslog(platform: () => ClientPlatform): void {
  const createWinston = (app: string) => {
    const transport = new Syslog({
      ...{ host: '127.0.0.1', port: platform().portOf('SYSLOG_UDP_PORT'), protocol: 'udp4' },
      ...{ type: '5424', app_name: app, localhost: 'web-1', facility: 'local1' },
      format: format.printf(({ message }) => String(message)),
    })
    return createLogger({ levels: config.syslog.levels, transports: [transport] })
  }
  const runLogger = (tag: string, input: string | Buffer, args: readonly string[] = []) => {
    const port = String(platform().portOf('SYSLOG_TCP_PORT'))
    const server = ['--server', '127.0.0.1', '--port', port, '--tcp', '--rfc5424', '--tag', tag]
    const { status, stderr } = spawnSync('logger', [...server, ...args], { input, encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  }
  const messages = async (service: string, count: number) =>
    (await platform().stored.logsOf(service, count)).map(({ message }) => message)

  describe('syslog', () => {
    it('messages of winston-syslog are stored once, with their times, severities and hosts', async () => {
      const service = 'syslog-winston'
      const fromMs = Date.now()
      const logger = createWinston(service)
      logger.warning('naïve 漢字 😀')
      await platform().stored.logsOf(service, 1)
      logger.crit('second')
      // Its milliseconds lack their leading zeros (5 is written as .05): the second is right, and the order within it is not.
      const logs = (await platform().stored.logsOf(service, 2)).toSorted(byMessage)
      const toMs = Date.now()
      logger.close()
      const attributes = { facility: 17, hostname: 'web-1', procid: String(process.pid) }
      expect(logs).toMatchObject([
        {
          service,
          level: 'warn',
          message: 'naïve 漢字 😀',
          data: { attributes: { ...attributes, severity: 4 } },
        },
        { service, level: 'fatal', message: 'second', data: { attributes: { ...attributes, severity: 2 } } },
      ])
      for (const { occurredAt } of logs) {
        expect(secondOf(Date.parse(occurredAt))).toBeGreaterThanOrEqual(secondOf(fromMs))
        expect(secondOf(Date.parse(occurredAt))).toBeLessThanOrEqual(secondOf(toMs))
      }
    })

    const itWithLogger = runIf(hasLogger, it, 'logger(1) of util-linux is not installed')

    itWithLogger(
      'messages of logger(1) are stored once, with their microseconds and structured data',
      async () => {
        const service = 'syslog-logger'
        const fromMs = Date.now()
        const data = ['--sd-id', 'shop@32473', '--sd-param', 'order="17"']
        runLogger(service, 'first\nsecond\n', ['--priority', 'local1.warning', ...data])
        const logs = await platform().stored.logsOf(service, 2)
        const toMs = Date.now()
        const log = (message: string) => ({
          ...{ service, level: 'warn', message },
          data: {
            timestamp: expect.stringMatching(/\.\d{6}(Z|[+-]\d\d:\d\d)$/),
            attributes: { facility: 17, severity: 4, structuredData: { 'shop@32473': { order: '17' } } },
          },
        })
        expect(logs).toMatchObject([log('first'), log('second')])
        for (const { occurredAt } of logs) {
          expect(Date.parse(occurredAt)).toBeGreaterThanOrEqual(fromMs)
          expect(Date.parse(occurredAt)).toBeLessThanOrEqual(toMs)
        }
      },
    )

    it('datagrams wait while the broker is away, and each is stored once', async () => {
      const service = 'syslog-datagrams'
      const logger = createWinston(service)
      await platform().withoutBroker(async (outage) => {
        logger.info('first')
        logger.info('second')
        await outage.waits('syslog-udp')
      })
      expect(await messages(service, 2)).toEqual(['first', 'second'])
      logger.close()
    })

    itWithLogger(
      'messages of a connection wait while the broker is away, and each is stored once',
      async () => {
        const service = 'syslog-connection'
        await platform().withoutBroker(async (outage) => {
          runLogger(service, 'first\nsecond\n')
          await outage.waits('syslog-tcp')
        })
        expect(await messages(service, 2)).toEqual(['first', 'second'])
      },
    )

    itWithLogger('a message that cannot be stored costs itself alone', async () => {
      const service = 'syslog-refused'
      runLogger(service, Buffer.from('before\nno UTF-8 \xff\nafter\n', 'latin1'))
      expect(await messages(service, 2)).toEqual(['before', 'after'])
    })
  })
}
