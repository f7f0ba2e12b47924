import { describe, expect, it } from '@jest/globals'
import Dats from '@immobiliarelabs/dats'
import { StatsD } from 'hot-shots'
import type { MetricEntry } from '@runnel/contracts/api/metric'
import type { ClientPlatform } from '../platform/client-platform.ts'

/** Clients: hot-shots, and @immobiliarelabs/dats. */
export function testStatsd(platform: () => ClientPlatform): void {
  const port = () => platform().portOf('STATSD_UDP_PORT')
  /** Several lines a datagram, which is sent by close(). */
  const createHotShots = (prefix: string) => {
    const server = { protocol: 'udp', host: '127.0.0.1', port: port() } as const
    return new StatsD({
      ...server,
      prefix: `${prefix}.`,
      globalTags: { service: 'shop' },
      maxBufferSize: 1000,
    })
  }
  const close = (client: StatsD) =>
    new Promise<void>((resolve, reject) => client.close((error) => (error ? reject(error) : resolve())))
  /** A line has no time but that at which it came. */
  const expectAsReceived = (rows: readonly MetricEntry[]) =>
    expect(rows.map(({ occurredAt }) => occurredAt)).toEqual(rows.map(({ receivedAt }) => receivedAt))

  describe('statsd', () => {
    it('what hot-shots measures is stored once, with its values, kinds and tags', async () => {
      const client = createHotShots('hot')
      client.increment('requests', 3, { path: '/a' })
      client.gauge('temperature', 2.5)
      client.timing('duration', 120)
      client.distribution('size', 7)
      await close(client)
      const tags = { service: 'shop' }
      const find = (name: string) => platform().stored.metricsOf(`hot.${name}`, 1)
      const requests = await find('requests')
      expect(requests).toMatchObject([{ value: 3, tags: { ...tags, path: '/a' }, data: { kind: 'sum' } }])
      expect(await find('temperature')).toMatchObject([{ value: 2.5, tags, data: { kind: 'gauge' } }])
      expect(await find('duration')).toMatchObject([
        { value: 120, unit: 'ms', tags, data: { kind: 'timer' } },
      ])
      expect(await find('size')).toMatchObject([{ value: 7, tags, data: { kind: 'sample' } }])
      expectAsReceived(requests)
    })

    it('what dats measures is stored once, with its values, kinds, rates and tags', async () => {
      const host = `udp://127.0.0.1:${port()}`
      const client = new Dats({ host, namespace: 'dats', bufferSize: 1000, tags: { service: 'shop' } })
      await client.connect()
      client.counter('requests', 2, 0.5)
      client.gauge('queue', 9)
      client.timing('duration', 33)
      await client.close()
      const tags = { service: 'shop' }
      const find = (name: string) => platform().stored.metricsOf(`dats.${name}`, 1)
      const requests = await find('requests')
      expect(requests).toMatchObject([{ value: 4, tags, data: { kind: 'sum', sampleRate: 0.5 } }])
      expect(await find('queue')).toMatchObject([{ value: 9, tags, data: { kind: 'gauge' } }])
      expect(await find('duration')).toMatchObject([{ value: 33, unit: 'ms', tags, data: { kind: 'timer' } }])
      expectAsReceived(requests)
    })

    it('lines wait while the broker is away, and each is stored once', async () => {
      await platform().withoutBroker(async (outage) => {
        const client = createHotShots('outage')
        client.increment('requests', 1)
        client.increment('requests', 2)
        await close(client)
        await outage.waits('statsd-udp')
      })
      const rows = await platform().stored.metricsOf('outage.requests', 2)
      expect(rows.map(({ value }) => value).sort()).toEqual([1, 2])
    })

    it('a line that cannot be stored costs itself alone', async () => {
      const client = createHotShots('refused')
      client.gauge('before', 1)
      client.gauge('broken', NaN)
      client.gauge('after', 2)
      await close(client)
      expect(await platform().stored.metricsOf('refused.before', 1)).toMatchObject([{ value: 1 }])
      expect(await platform().stored.metricsOf('refused.after', 1)).toMatchObject([{ value: 2 }])
      expect(await platform().stored.metricsOf('refused.broken', 0)).toEqual([])
    })
  })
}
