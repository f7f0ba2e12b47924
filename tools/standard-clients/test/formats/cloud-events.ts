import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { CloudEvent, emitterFor, httpTransport, Mode } from 'cloudevents'
import type { ClientPlatform } from '../platform/client-platform.ts'
import { timestampOf } from '../platform/times.ts'

const NANOS = '123456789'
/** The SDK cuts off what is finer. */
const MILLIS = '123'

/** What the transport of the SDK resolves with, whatever the status is. */
interface Answered {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Clients: the SDK (cloudevents), in its binary and its structured mode. Neither it nor another package sends batches over HTTP: that
 * mode is built by the specification.
 */
export function testCloudEvents(platform: () => ClientPlatform): void {
  const url = () => `${platform().ingest}/cloudevents`
  const headers = () => ({ authorization: `Bearer ${platform().key}` })
  const emitter = (mode: Mode) => {
    const emit = emitterFor(httpTransport(url()), { mode })
    return async (each: object) => (await emit(new CloudEvent(each), { headers: headers() })) as Answered
  }
  const event = (source: string, n: number, message: string) => ({
    ...{ specversion: '1.0', source, id: `order-${n}`, type: 'com.shop.order.paid' },
    ...{ datacontenttype: 'application/json', severitytext: 'WARN', data: { message, order: { n } } },
    time: timestampOf(platform().sentMs + n * 1000, NANOS),
  })
  const sendBatch = (events: readonly object[]) =>
    fetch(url(), {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'application/cloudevents-batch+json' },
      body: JSON.stringify(events),
    })
  const log = (source: string, n: number, message: string, decimals = NANOS) => ({
    ...{ service: source, level: 'warn', message },
    occurredAt: timestampOf(platform().sentMs + n * 1000, '123'),
    data: {
      timestamp: timestampOf(platform().sentMs + n * 1000, decimals),
      attributes: { id: `order-${n}`, type: 'com.shop.order.paid', data: { message, order: { n } } },
    },
  })

  describe('CloudEvents', () => {
    it.each([
      ['binary', Mode.BINARY],
      ['structured', Mode.STRUCTURED],
    ] as const)(
      'events of the SDK in its %s mode are stored once, with their times, levels and data',
      async (name, mode) => {
        const source = `/events/${name}`
        const emit = emitter(mode)
        await emit(event(source, 0, 'naïve 漢字 😀'))
        await emit(event(source, 1, 'second'))
        expect(await platform().stored.logsOf(source, 2)).toMatchObject([
          log(source, 0, 'naïve 漢字 😀', MILLIS),
          log(source, 1, 'second', MILLIS),
        ])
      },
    )

    it('events of a batch are stored once, with their nanoseconds, levels and data', async () => {
      const source = '/events/batch'
      const batch = [event(source, 0, 'first'), event(source, 1, 'second')]
      expect((await sendBatch(batch)).status).toBe(202)
      expect(await platform().stored.logsOf(source, 2)).toMatchObject([
        log(source, 0, 'first'),
        log(source, 1, 'second'),
      ])
    })

    it('503 while the broker is away lets the application emit again, and every event is stored once', async () => {
      const source = '/events/outage'
      const emit = emitter(Mode.BINARY)
      const events = [event(source, 0, 'first'), event(source, 1, 'second')]
      const isBusy = ({ headers: answered }: Answered) => answered['retry-after'] !== undefined
      await platform().withoutBroker(async () => {
        for (const each of events) expect(isBusy(await emit(each))).toBe(true)
      })
      for (const each of events) await eventually(async () => !isBusy(await emit(each)))
      // Whoever lost the answer emits again, in whatever mode.
      for (const each of events) await emitter(Mode.STRUCTURED)(each)
      expect(await platform().stored.logsOf(source, 2)).toMatchObject([
        log(source, 0, 'first', MILLIS),
        log(source, 1, 'second', MILLIS),
      ])
    })

    it('an event that cannot be stored costs itself alone, and the answer names it', async () => {
      const source = '/events/refused'
      const answer = await sendBatch([
        event(source, 0, 'before'),
        event(source, 1, 'NUL \0'),
        event(source, 2, 'after'),
      ])
      expect([answer.status, await answer.json()]).toMatchObject([202, { rejected: [{ index: 1 }] }])
      expect(await platform().stored.logsOf(source, 2)).toMatchObject([
        log(source, 0, 'before'),
        log(source, 2, 'after'),
      ])
    })
  })
}
