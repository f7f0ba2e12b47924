import { EventTime, FluentClient, type EventModes } from '@fluent-org/logger'
import { describe, expect, it } from '@jest/globals'
import { WAIT_LIMIT_MS } from '@runnel/testing'
import fluentLogger from 'fluent-logger'
import type { ClientPlatform } from '../platform/client-platform.ts'
import { timestampOf } from '../platform/times.ts'

const NANOS = 123_456_789
/** The package's types have it as an object; it is the class. */
const FluentLoggerTime = fluentLogger.EventTime as unknown as new (seconds: number, nanos: number) => object

/** Clients: @fluent-org/logger, and fluent-logger. Both prove to have the shared key, and wait for acknowledgements. */
export function testFluent(platform: () => ClientPlatform): void {
  const seconds = (n: number) => platform().sentMs / 1000 + n
  const security = () => ({ clientHostname: 'web-1', sharedKey: platform().fluentSharedKey })
  const connect = (eventMode: EventModes) =>
    new FluentClient('shop', {
      eventMode,
      socket: { host: '127.0.0.1', port: platform().portOf('FLUENT_PORT') },
      security: security(),
      ack: { ackTimeout: WAIT_LIMIT_MS },
    })
  const record = (service: string, message: string) => ({
    service,
    message,
    level: 'warn',
    order: { id: 17 },
  })
  /** Resolves once all are acknowledged. */
  const emit = (client: FluentClient, service: string, messages: readonly string[]) =>
    Promise.all(
      messages.map((message, n) =>
        client.emit('orders', record(service, message), new EventTime(seconds(n), NANOS)),
      ),
    )
  const log = (service: string, n: number, message: string) => ({
    ...{ service, message, level: 'warn', occurredAt: timestampOf(platform().sentMs + n * 1000, '123') },
    data: {
      timestamp: timestampOf(platform().sentMs + n * 1000, String(NANOS)),
      attributes: { tag: 'shop.orders', order: { id: 17 } },
    },
  })

  describe('Fluent forward', () => {
    it.each(['Message', 'Forward', 'PackedForward', 'CompressedPackedForward'] as const)(
      'records of @fluent-org/logger in its mode %s are stored once, with their nanoseconds',
      async (mode) => {
        const service = `fluent-${mode}`
        const client = connect(mode)
        await emit(client, service, ['naïve 漢字 😀', 'second'])
        await client.disconnect()
        expect(await platform().stored.logsOf(service, 2)).toMatchObject([
          log(service, 0, 'naïve 漢字 😀'),
          log(service, 1, 'second'),
        ])
      },
    )

    it.each(['Message', 'PackedForward'])(
      'records of fluent-logger in its mode %s are stored once, with their nanoseconds',
      async (eventMode) => {
        const service = `fluent-logger-${eventMode}`
        const sender = fluentLogger.createFluentSender<object>('shop', {
          ...{ host: '127.0.0.1', port: platform().portOf('FLUENT_PORT'), eventMode, timeout: WAIT_LIMIT_MS },
          ...{
            requireAckResponse: true,
            security: security(),
            internalLogger: { info: () => {}, error: () => {} },
          },
        })
        const time = (n: number) => new FluentLoggerTime(seconds(n), NANOS) as unknown as Date
        const acknowledged = (n: number, message: string) =>
          new Promise<void>((resolve, reject) =>
            sender.emit('orders', record(service, message), time(n), (error) =>
              error ? reject(error) : resolve(),
            ),
          )
        await acknowledged(0, 'naïve 漢字 😀')
        await acknowledged(1, 'second')
        // Without a record it only ends the connection.
        sender.end('', null as never, () => {})
        expect(await platform().stored.logsOf(service, 2)).toMatchObject([
          log(service, 0, 'naïve 漢字 😀'),
          log(service, 1, 'second'),
        ])
      },
    )

    it('nothing is acknowledged while the broker is away, and every record is stored once', async () => {
      const service = 'fluent-outage'
      const client = connect('PackedForward')
      let isAcknowledged = false
      let sent: Promise<unknown> | undefined
      await platform().withoutBroker(async (outage) => {
        sent = emit(client, service, ['first', 'second']).finally(() => (isAcknowledged = true))
        await outage.waits('fluent-tcp')
        expect(isAcknowledged).toBe(false)
      })
      await sent
      await client.disconnect()
      expect(await platform().stored.logsOf(service, 2)).toMatchObject([
        log(service, 0, 'first'),
        log(service, 1, 'second'),
      ])
    })

    it('a record that cannot be stored costs itself alone, and its chunk is acknowledged', async () => {
      const service = 'fluent-refused'
      const client = connect('Forward')
      await emit(client, service, ['before', 'NUL \0', 'after'])
      await client.disconnect()
      expect(await platform().stored.logsOf(service, 2)).toMatchObject([
        log(service, 0, 'before'),
        log(service, 2, 'after'),
      ])
    })
  })
}
