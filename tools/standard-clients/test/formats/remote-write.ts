import { create, toBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from '@jest/globals'
import { RequestSchema } from '@runnel/wire/prometheus/write/v2/types'
import { deflateSnappy } from '@runnel/wire/snappy'
import { pushTimeseries } from 'prometheus-remote-write'
import { eventually } from '@runnel/testing'
import type { ClientPlatform } from '../platform/client-platform.ts'

type Series = Extract<Parameters<typeof pushTimeseries>[0], readonly unknown[]>

const GAUGE = 2

/**
 * Clients: prometheus-remote-write (1.0). No other package sends remote write, and none 2.0: that is built by its specification.
 */
export function testRemoteWrite(platform: () => ClientPlatform): void {
  const headers = () => ({ authorization: `Bearer ${platform().key}` })
  const push = (series: Series) => {
    const options = { url: `${platform().ingest}/api/v1/write`, headers: headers(), fetch: fetch as never }
    return pushTimeseries(series, options)
  }
  const sample = (n: number, value: number) => ({ value, timestamp: platform().sentMs + n * 1000 + 123 })
  const row = (n: number, value: number, tags: Record<string, string>) => ({
    ...{ value, tags, occurredAt: new Date(platform().sentMs + n * 1000 + 123).toISOString() },
  })

  describe('Prometheus remote write', () => {
    it('samples of prometheus-remote-write are stored once, with their times and labels', async () => {
      const labels = { job: 'shop', city: 'Köln 😀' }
      const answer = await push([
        { labels: { __name__: 'push_value', ...labels }, samples: [sample(0, 1.5), sample(1, -0.25)] },
        { labels: { __name__: 'push_large', job: 'shop' }, samples: [sample(0, 2 ** 60)] },
      ])
      expect(answer.status).toBe(204)
      expect(await platform().stored.metricsOf('push_value', 2)).toMatchObject([
        row(0, 1.5, labels),
        row(1, -0.25, labels),
      ])
      expect(await platform().stored.metricsOf('push_large', 1)).toMatchObject([
        row(0, 2 ** 60, { job: 'shop' }),
      ])
    })

    it('a request of version 2.0 is stored once, and its answer says how many samples it had', async () => {
      const symbols = ['', '__name__', 'push_v2', 'job', 'shop', 'bytes']
      const samples = [sample(0, 7), sample(1, 8)].map(({ value, timestamp }) => ({
        ...{ value, timestamp: BigInt(timestamp) },
      }))
      const request = create(RequestSchema, {
        symbols,
        timeseries: [{ labelsRefs: [1, 2, 3, 4], samples, metadata: { type: GAUGE, unitRef: 5 } }],
      })
      const answer = await fetch(`${platform().ingest}/api/v1/write`, {
        method: 'POST',
        headers: {
          ...headers(),
          'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
          'content-encoding': 'snappy',
          'x-prometheus-remote-write-version': '2.0.0',
        },
        body: new Uint8Array(deflateSnappy(Buffer.from(toBinary(RequestSchema, request)))),
      })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('x-prometheus-remote-write-samples-written')).toBe('2')
      expect(await platform().stored.metricsOf('push_v2', 2)).toMatchObject([
        { ...row(0, 7, { job: 'shop' }), unit: 'bytes' },
        { ...row(1, 8, { job: 'shop' }), unit: 'bytes' },
      ])
    })

    it('503 while the broker is away lets the sender push again, and every sample is stored once', async () => {
      const series = [{ labels: { __name__: 'push_outage' }, samples: [sample(0, 1), sample(1, 2)] }]
      await platform().withoutBroker(async () => {
        // The client repeats nothing by itself, and reports the status.
        expect((await push(series)).status).toBe(503)
      })
      await eventually(async () => (await push(series)).status === 204)
      expect(await platform().stored.metricsOf('push_outage', 2)).toMatchObject([
        row(0, 1, {}),
        row(1, 2, {}),
      ])
      // As a sender does that lost the answer.
      expect((await push(series)).status).toBe(204)
    })

    it('a series that cannot be stored costs itself alone, and is not asked for again', async () => {
      const answer = await push([
        { labels: { __name__: 'push_before' }, samples: [sample(0, 1)] },
        { labels: { __name__: '' }, samples: [sample(0, 2)] },
        { labels: { __name__: 'push_after' }, samples: [sample(0, 3)] },
      ])
      expect(answer.status).toBe(204)
      expect(await platform().stored.metricsOf('push_before', 1)).toMatchObject([row(0, 1, {})])
      expect(await platform().stored.metricsOf('push_after', 1)).toMatchObject([row(0, 3, {})])
    })
  })
}
