import { beforeAll, describe, expect, it } from '@jest/globals'
import { InfluxDB as InfluxDB2, Point, setLogger, type WriteOptions } from '@influxdata/influxdb-client'
import { eventually } from '@runnel/testing'
import { InfluxDB as InfluxDB1 } from 'influx'
import type { ClientPlatform } from '../platform/client-platform.ts'

const NANOS = '123456789'

/** Clients: @influxdata/influxdb-client (API of version 2) and influx (API of version 1). */
export function testInfluxDb(platform: () => ClientPlatform): void {
  // It writes each failure to the console as well.
  beforeAll(() => void setLogger({ error: () => {}, warn: () => {} }))

  const createWriter = (options: Partial<WriteOptions> = {}) =>
    new InfluxDB2({ url: platform().ingest, token: platform().key }).getWriteApi('org', 'bucket', 'ns', {
      flushInterval: 0,
      ...options,
    })
  const nanosOf = (n: number) => `${platform().sentMs / 1000 + n}${NANOS}`
  const point = (measurement: string, n: number, value: number) =>
    new Point(measurement).tag('host', 'web 1').floatField('load', value).timestamp(nanosOf(n))
  const row = (n: number, value: number, tags: Record<string, string>) => ({
    ...{ value, tags, occurredAt: new Date(platform().sentMs + n * 1000 + 123).toISOString() },
    data: { timestamp: expect.stringContaining(`.${NANOS}Z`) },
  })
  const TAGS_2 = { host: 'web 1', org: 'org', bucket: 'bucket' }

  describe('InfluxDB line protocol', () => {
    it('points of @influxdata/influxdb-client are stored once, field by field, with their nanoseconds', async () => {
      const writer = createWriter()
      writer.writePoint(point('v2', 0, 0.25).intField('free', 2 ** 40))
      writer.writePoint(point('v2', 1, -1))
      await writer.close()
      const { stored } = platform()
      expect(await stored.metricsOf('v2_load', 2)).toMatchObject([row(0, 0.25, TAGS_2), row(1, -1, TAGS_2)])
      expect(await stored.metricsOf('v2_free', 1)).toMatchObject([row(0, 2 ** 40, TAGS_2)])
    })

    it('points of influx are stored once, field by field, with their nanoseconds', async () => {
      const { hostname, port } = new URL(platform().ingest)
      const client = new InfluxDB1({
        ...{ host: hostname, port: Number(port), protocol: 'http', database: 'shop' },
        ...{ username: 'shop', password: platform().key },
      })
      await client.writePoints(
        [0, 1].map((n) => ({
          ...{ measurement: 'v1', tags: { host: 'web 1' }, fields: { load: n + 0.5 } },
          timestamp: nanosOf(n),
        })),
        { precision: 'n' },
      )
      const tags = { host: 'web 1', db: 'shop' }
      expect(await platform().stored.metricsOf('v1_load', 2)).toMatchObject([
        row(0, 0.5, tags),
        row(1, 1.5, tags),
      ])
    })

    it('@influxdata/influxdb-client sends again while the broker is away, and every point is stored once', async () => {
      const written: string[] = []
      const writer = createWriter({
        ...{ maxRetries: 1000, minRetryDelay: 50, maxRetryDelay: 500, retryJitter: 0 },
        writeSuccess: (lines) => void written.push(...lines),
      })
      await platform().withoutBroker(async (outage) => {
        writer.writePoint(point('outage', 0, 1))
        writer.writePoint(point('outage', 1, 2))
        await writer.flush().catch(() => undefined)
        await outage.refused('influx', 2)
      })
      await eventually(() => written.length >= 2)
      await writer.close()
      expect(await platform().stored.metricsOf('outage_load', 2)).toMatchObject([
        row(0, 1, TAGS_2),
        row(1, 2, TAGS_2),
      ])
    })

    it('a line that cannot be stored costs itself alone, and is not sent again', async () => {
      const failures: number[] = []
      const writer = createWriter({
        writeFailed: async (error, _lines, attempt) => {
          expect(error).toMatchObject({ statusCode: 400, message: expect.stringContaining('line 2') })
          failures.push(attempt)
        },
      })
      writer.writePoint(point('refused', 0, 1))
      writer.writePoint(new Point('refused').stringField('note', 'NUL \0').timestamp(nanosOf(1)))
      writer.writePoint(point('refused', 2, 3))
      await writer.close()
      expect(failures).toEqual([1])
      expect(await platform().stored.metricsOf('refused_load', 2)).toMatchObject([
        row(0, 1, TAGS_2),
        row(2, 3, TAGS_2),
      ])
    })
  })
}
