import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pino } from 'pino'
import { pinoLoki } from 'pino-loki'
import { createLogger, format } from 'winston'
import LokiTransport from 'winston-loki'
import type { ClientPlatform } from '../platform/client-platform.ts'
import { timestampOf } from '../platform/times.ts'

/** Seconds between two pushes. */
const INTERVAL = 0.05

/** Clients: pino-loki (JSON) and winston-loki (Protocol Buffers in snappy where its native part is installed, else JSON). */
export function testLoki(platform: () => ClientPlatform): void {
  const createWinston = (labels: object, errors: unknown[] = []) => {
    const transport = new LokiTransport({
      ...{ host: platform().ingest, basicAuth: `shop:${platform().key}`, labels, interval: INTERVAL },
      ...{
        replaceTimestamp: false,
        gracefulShutdown: false,
        format: format.printf(({ message }) => String(message)),
      },
      onConnectionError: (error) => void errors.push(error),
    })
    /** Sends what was logged; winston hands it to its transports with the next turn. */
    const close = () => nextTurn().then(() => transport.close())
    return { close, logger: createLogger({ transports: [transport] }) }
  }
  const at = (n: number) => platform().sentMs + n * 1000 + 123
  const messages = async (service: string, count: number) =>
    (await platform().stored.logsOf(service, count)).map(({ message }) => message)

  describe('Loki push', () => {
    it('lines of pino-loki are stored once, with their times, levels, labels and metadata', async () => {
      const service = 'loki-pino'
      const stream = pinoLoki({
        ...{ host: platform().ingest, headers: { authorization: `Bearer ${platform().key}` } },
        ...{ labels: { app: service, zone: 'eu-1' }, batching: { interval: INTERVAL } },
      })
      const logger = pino({ timestamp: false, base: null }, stream)
      logger.warn({ time: at(0), order: { id: 17 }, meta: { traceId: 'abc' } }, 'naïve 漢字 😀')
      logger.fatal({ time: at(1) }, 'second')
      stream.end()
      await once(stream, 'close')
      const log = (n: number, level: string, message: string, attributes: object) => ({
        ...{ service, level, message, occurredAt: new Date(at(n)).toISOString() },
        data: { timestamp: timestampOf(at(n), '123000000'), attributes: { zone: 'eu-1', ...attributes } },
      })
      expect(await platform().stored.logsOf(service, 2)).toMatchObject([
        log(0, 'warn', 'naïve 漢字 😀', { order: { id: 17 }, traceId: 'abc' }),
        log(1, 'fatal', 'second', {}),
      ])
    })

    it('lines of winston-loki are stored once, with their times, levels and labels', async () => {
      const service = 'loki-winston'
      const { close, logger } = createWinston({ app: service, city: 'Köln' })
      logger.warn('naïve 漢字 😀', { timestamp: at(0), labels: { order: '17' } })
      logger.error('second', { timestamp: at(1) })
      await close()
      const log = (n: number, level: string, message: string, attributes: object) => ({
        ...{ service, level, message, occurredAt: new Date(at(n)).toISOString() },
        data: { timestamp: timestampOf(at(n), '123000000'), attributes: { city: 'Köln', ...attributes } },
      })
      expect(await platform().stored.logsOf(service, 2)).toMatchObject([
        log(0, 'warn', 'naïve 漢字 😀', { order: '17' }),
        log(1, 'error', 'second', {}),
      ])
    })

    it('winston-loki keeps what was refused while the broker is away, and every line is stored once', async () => {
      const service = 'loki-outage'
      const errors: unknown[] = []
      const { close, logger } = createWinston({ app: service }, errors)
      await platform().withoutBroker(async () => {
        logger.info('first', { timestamp: at(0) })
        logger.info('second', { timestamp: at(1) })
        await eventually(() => errors.length > 0)
      })
      expect(errors).toMatchObject([{ statusCode: 503 }])
      // It waits a minute before it pushes again, but for its end.
      await close()
      expect(await messages(service, 2)).toEqual(['first', 'second'])
    })

    it('a line that cannot be stored costs itself alone, and is not pushed again', async () => {
      const service = 'loki-refused'
      const errors: unknown[] = []
      const { close, logger } = createWinston({ app: service }, errors)
      for (const [n, line] of ['before', 'NUL \0', 'after'].entries()) logger.info(line, { timestamp: at(n) })
      await close()
      expect(errors).toEqual([])
      expect(await messages(service, 2)).toEqual(['before', 'after'])
    })
  })
}
