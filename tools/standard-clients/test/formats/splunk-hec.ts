import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { Logger } from 'splunk-logging'
import { createLogger } from 'winston'
import SplunkTransport from 'winston-splunk-httplogger'
import type { ClientPlatform } from '../platform/client-platform.ts'

/** Clients: splunk-logging, and winston-splunk-httplogger, which sends each entry by itself. */
export function testSplunkHec(platform: () => ClientPlatform): void {
  const config = () => ({ token: platform().key, url: platform().ingest })
  const at = (n: number) => platform().sentMs + n * 1000 + 123
  /** Sends what was given to the logger. @returns the body of the answer */
  const flush = (logger: Logger) =>
    new Promise<unknown>((resolve, reject) =>
      logger.flush((error, _response, body) => (error ? reject(error) : resolve(body))),
    )
  const createBatch = (source: string, messages: readonly string[]) => {
    const logger = new Logger({ ...config(), maxBatchCount: 0 })
    logger.error = () => undefined
    for (const [n, message] of messages.entries())
      logger.send({ message, severity: 'warn', metadata: { source, host: 'web-1', time: at(n) } })
    return logger
  }
  const log = (service: string, n: number, message: string) => ({
    ...{ service, message, level: 'warn', occurredAt: new Date(at(n)).toISOString() },
    data: { attributes: { host: 'web-1', source: service } },
  })

  describe('Splunk HEC', () => {
    it('a batch of splunk-logging is stored once, with its times, severities and sources', async () => {
      const source = 'hec-batch'
      expect(await flush(createBatch(source, ['naïve 漢字 😀', 'second']))).toMatchObject({ code: 0 })
      expect(await platform().stored.logsOf(source, 2)).toMatchObject([
        log(source, 0, 'naïve 漢字 😀'),
        log(source, 1, 'second'),
      ])
    })

    it('entries of winston-splunk-httplogger are stored once, with their times, levels and members', async () => {
      const source = 'hec-winston'
      const logger = createLogger({ transports: [new SplunkTransport({ splunk: { ...config(), source } })] })
      logger.warn('first', { splunk: { source, host: 'web-1', time: at(0) }, order: { id: 17 } })
      logger.warn('second', { splunk: { source, host: 'web-1', time: at(1) } })
      expect(await platform().stored.logsOf(source, 2)).toMatchObject([
        {
          ...log(source, 0, 'first'),
          data: {
            attributes: { host: 'web-1', event: { message: { msg: 'first', meta: { order: { id: 17 } } } } },
          },
        },
        log(source, 1, 'second'),
      ])
      logger.close()
    })

    it('code 9 while the broker is away lets the application send again, and every event is stored once', async () => {
      const source = 'hec-outage'
      // The client repeats nothing that was answered: it hands back what it could not send.
      const given: { readonly code: number; readonly body: string }[] = []
      const logger = createBatch(source, ['first', 'second'])
      logger.error = ({ code }, { message }) => void given.push({ code: Number(code), body: message })
      await platform().withoutBroker(async () => {
        expect(await flush(logger)).toMatchObject({ code: 9 })
      })
      expect(given).toMatchObject([{ code: 9 }])
      await eventually(async () => {
        logger.serializedContextQueue.push(given.at(-1)!.body)
        const { code } = (await flush(logger)) as { code: number }
        return code === 0
      })
      expect(await platform().stored.logsOf(source, 2)).toMatchObject([
        log(source, 0, 'first'),
        log(source, 1, 'second'),
      ])
    })

    it('an event that cannot be stored costs itself alone, and the answer names it', async () => {
      const source = 'hec-refused'
      expect(await flush(createBatch(source, ['before', 'NUL \0', 'after']))).toMatchObject({
        ...{ code: 6, 'invalid-event-number': 1, accepted: 2 },
      })
      expect(await platform().stored.logsOf(source, 2)).toMatchObject([
        log(source, 0, 'before'),
        log(source, 2, 'after'),
      ])
    })
  })
}
