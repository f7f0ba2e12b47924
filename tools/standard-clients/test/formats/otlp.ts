import { describe, expect, it } from '@jest/globals'
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs'
import { WAIT_LIMIT_MS } from '@runnel/testing'
import type { ClientPlatform } from '../platform/client-platform.ts'
import { timestampOf } from '../platform/times.ts'

const NANOS = 123_456_789
const TAKEN = 0

/** An exporter of OpenTelemetry gives up after five attempts, and reports it: then the application exports again. */
class PatientExporter implements LogRecordExporter {
  readonly #exporter: LogRecordExporter
  gaveUp = 0

  constructor(exporter: LogRecordExporter) {
    this.#exporter = exporter
  }

  export(...[logs, report]: Parameters<LogRecordExporter['export']>): void {
    this.#exporter.export(logs, (result) => {
      if (result.code === TAKEN) return report(result)
      this.gaveUp++
      this.export(logs, report)
    })
  }

  forceFlush = () => this.#exporter.forceFlush()
  shutdown = () => this.#exporter.shutdown()
}

/** Clients: @opentelemetry/exporter-logs-otlp-proto and -http (JSON), beneath the SDK of OpenTelemetry. */
export function testOtlp(platform: () => ClientPlatform): void {
  const createExporter = (Exporter: typeof JsonExporter | typeof ProtobufExporter) => {
    const { ingest, key } = platform()
    const headers = { authorization: `Bearer ${key}` }
    return new PatientExporter(
      new Exporter({ url: `${ingest}/v1/logs`, headers, timeoutMillis: WAIT_LIMIT_MS }),
    )
  }
  const createProvider = (exporter: LogRecordExporter, service: string) =>
    new LoggerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'host.cpus': 4 }),
      processors: [
        new BatchLogRecordProcessor({
          exporter,
          exportTimeoutMillis: WAIT_LIMIT_MS,
          // Sent by forceFlush() alone.
          scheduledDelayMillis: 3_600_000,
        }),
      ],
    })
  const emit = (provider: LoggerProvider, bodies: readonly string[]) => {
    const logger = provider.getLogger('shop.orders', '2.0.0')
    for (const [n, body] of bodies.entries())
      logger.emit({
        timestamp: [platform().sentMs / 1000 + n, NANOS],
        severityNumber: 13,
        body,
        attributes: { 'order.id': 17, items: ['pen', { count: 2 }] },
      })
  }
  const messages = async (service: string, count: number) =>
    (await platform().stored.logsOf(service, count)).map(({ message }) => message)

  describe('OTLP/HTTP', () => {
    it.each([
      ['Protocol Buffers', ProtobufExporter, 'otlp-protobuf'],
      ['JSON', JsonExporter, 'otlp-json'],
    ] as const)(
      'logs exported as %s are stored once, with their nanoseconds, levels and attributes',
      async (_, Exporter, service) => {
        const { sentMs, stored } = platform()
        const provider = createProvider(createExporter(Exporter), service)
        emit(provider, ['naïve 漢字 😀', 'second'])
        await provider.shutdown()
        const log = (n: number, message: string) => ({
          ...{ message, service, level: 'warn', occurredAt: timestampOf(sentMs + n * 1000, '123') },
          data: {
            timestamp: timestampOf(sentMs + n * 1000, String(NANOS)),
            attributes: { 'host.cpus': 4, 'order.id': 17, items: ['pen', { count: 2 }] },
            scope: { name: 'shop.orders', version: '2.0.0' },
          },
        })
        expect(await stored.logsOf(service, 2)).toMatchObject([log(0, 'naïve 漢字 😀'), log(1, 'second')])
      },
    )

    it('the exporter sends again while the broker is away, and every log is stored once', async () => {
      const service = 'otlp-outage'
      const exporter = createExporter(ProtobufExporter)
      const provider = createProvider(exporter, service)
      emit(provider, ['first', 'second'])
      let flushed: Promise<void> | undefined
      await platform().withoutBroker(async (outage) => {
        flushed = provider.forceFlush({ timeoutMillis: WAIT_LIMIT_MS })
        await outage.refused('otlp-protobuf', 2)
        expect(exporter.gaveUp).toBe(0)
      })
      await flushed
      await provider.shutdown()
      expect(await messages(service, 2)).toEqual(['first', 'second'])
    })

    it('a log that cannot be stored costs itself alone, and is not sent again', async () => {
      const service = 'otlp-refused'
      const provider = createProvider(createExporter(JsonExporter), service)
      emit(provider, ['before', 'NUL \0', 'after'])
      // It would not end where the exporter were to send again.
      await provider.shutdown()
      expect(await messages(service, 2)).toEqual(['before', 'after'])
    })
  })
}
