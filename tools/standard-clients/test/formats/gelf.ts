import { describe, expect, it } from '@jest/globals'
import gelf from 'gelf-pro'
import { promisify } from 'node:util'
import { createLogger } from 'winston'
import Log2gelf from 'winston-log2gelf'
import type { ClientPlatform } from '../platform/client-platform.ts'
import { timestampOf } from '../platform/times.ts'

const WARNING = 4

/** Clients: winston-log2gelf over HTTP, and gelf-pro over TCP. */
export function testGelf(platform: () => ClientPlatform): void {
  /** Resolves once the message is written; nothing is ever answered. gelf-pro has one configuration in a process. */
  const send = (facility: string, n: number, message: string) => {
    const options = { host: '127.0.0.1', port: platform().portOf('GELF_TCP_PORT') }
    gelf.setConfig({ adapterName: 'tcp', adapterOptions: options as never })
    const timestamp = platform().sentMs / 1000 + n + 0.125
    const extra = { facility, timestamp, host: 'web-1', order: { id: 17 + n } }
    return promisify<string, number, object, unknown>(gelf.message.bind(gelf))(message, WARNING, extra)
  }
  const log = (service: string, n: number, message: string) => ({
    ...{ service, level: 'warn', message, occurredAt: timestampOf(platform().sentMs + n * 1000, '125') },
    data: { attributes: { host: 'web-1', order_id: 17 + n } },
  })

  describe('GELF', () => {
    it('entries of winston-log2gelf are stored once, with their times, levels and members', async () => {
      const service = 'gelf-winston'
      const fromMs = Date.now()
      const { hostname, port } = new URL(platform().ingest)
      const transport = new Log2gelf({
        ...{
          host: hostname,
          port: Number(port),
          protocol: 'http',
          hostname: 'web-1',
          service,
          keepAlive: -1,
        },
        protocolOptions: { headers: { authorization: `Bearer ${platform().key}` } },
      })
      const logger = createLogger({ transports: [transport] })
      // Each has a connection of its own.
      logger.warn('naïve 漢字 😀', { order: 17 })
      await platform().stored.logsOf(service, 1)
      logger.error('second')
      const logs = await platform().stored.logsOf(service, 2)
      const attributes = { host: 'web-1', environment: 'development' }
      expect(logs).toMatchObject([
        {
          service,
          level: 'warn',
          message: 'naïve 漢字 😀',
          data: { attributes: { ...attributes, order: 17 } },
        },
        { service, level: 'error', message: 'second', data: { attributes } },
      ])
      for (const { occurredAt } of logs) {
        expect(Date.parse(occurredAt)).toBeGreaterThanOrEqual(fromMs)
        expect(Date.parse(occurredAt)).toBeLessThanOrEqual(Date.now())
      }
      logger.close()
    })

    it('messages of gelf-pro are stored once, with their times, levels and members', async () => {
      const service = 'gelf-pro'
      await send(service, 0, 'naïve 漢字 😀')
      await send(service, 1, 'second')
      expect(await platform().stored.logsOf(service, 2)).toMatchObject([
        log(service, 0, 'naïve 漢字 😀'),
        log(service, 1, 'second'),
      ])
    })

    it('messages wait while the broker is away, and each is stored once', async () => {
      const service = 'gelf-outage'
      await platform().withoutBroker(async (outage) => {
        await send(service, 0, 'first')
        await send(service, 1, 'second')
        await outage.waits('gelf-tcp')
      })
      expect(await platform().stored.logsOf(service, 2)).toMatchObject([
        log(service, 0, 'first'),
        log(service, 1, 'second'),
      ])
    })

    it('a message that cannot be stored costs itself alone', async () => {
      const service = 'gelf-refused'
      await send(service, 0, 'before')
      await send(service, 1, 'NUL \0')
      await send(service, 2, 'after')
      expect(await platform().stored.logsOf(service, 2)).toMatchObject([
        log(service, 0, 'before'),
        log(service, 2, 'after'),
      ])
    })
  })
}
