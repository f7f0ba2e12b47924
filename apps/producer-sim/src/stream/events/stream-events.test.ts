import { describe, expect, it } from '@jest/globals'
import { KINDS, judgeItem, type JsonObject, type Kind } from '@runnel/contracts'
import { checkJson } from '@runnel/json'
import { CATALOGUE, FIRST_STREAM_PRODUCT_ID } from './product-catalogue.ts'
import { createStreamEvents } from './stream-events.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')

function take(
  kind: Kind,
  count: number,
  { seed = 7, run = 'r', atMs = NOON, everyMs = 100 } = {},
): JsonObject[] {
  const events = createStreamEvents(seed, run)
  return Array.from({ length: count }, (_, i) => events.next(kind, atMs + i * everyMs))
}

interface MetricItem {
  readonly data: { readonly name: string; readonly value: number; readonly tags: { readonly host: string } }
}

const values = (items: readonly JsonObject[], name: string, host: string) =>
  (items as unknown as MetricItem[])
    .filter(({ data }) => data.name === name && data.tags.host === host)
    .map(({ data }) => data.value)

const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length

describe('the events of the stream', () => {
  it.each(KINDS)('are %s that the API takes', (kind) => {
    for (const item of take(kind, 2000)) {
      checkJson(item)
      judgeItem(kind, 'upsert', item, 'posted')
    }
  })

  it.each(KINDS)('are the same %s of the same seed, and others of another', (kind) => {
    expect(take(kind, 200)).toEqual(take(kind, 200))
    expect(take(kind, 200)).not.toEqual(take(kind, 200, { seed: 8 }))
  })

  it('do not depend on what was made of other kinds', () => {
    const mixed = createStreamEvents(7, 'r')
    const logs = take('logs', 50).map((_, i) => {
      mixed.next('metrics', NOON)
      return mixed.next('logs', NOON + i * 100)
    })
    expect(logs).toEqual(take('logs', 50))
  })

  it('have keys that no other event and no other run has', () => {
    const keys = KINDS.flatMap((kind) =>
      ['a', 'b'].flatMap((run) => take(kind, 100, { run }).map((item) => item['eventId'])),
    )
    expect(new Set(keys).size).toBe(KINDS.length * 200)
  })
})

describe('metrics', () => {
  it('change smoothly: a step is small beside the range of a day', () => {
    const cpu = values(take('metrics', 120_000, { everyMs: 720 }), 'cpu.usage', 'web-1')
    const range = Math.max(...cpu) - Math.min(...cpu)
    const steps = cpu.slice(1).map((value, i) => Math.abs(value - cpu[i]!))
    expect(range).toBeGreaterThan(40)
    expect(mean(steps)).toBeLessThan(range / 10)
    expect([Math.min(...cpu) >= 0, Math.max(...cpu) <= 100]).toEqual([true, true])
  })

  it('follow the hour of the day: more requests in the afternoon than at night', () => {
    const at = (time: string) =>
      mean(values(take('metrics', 5000, { atMs: Date.parse(time) }), 'http.requests', 'api-1'))
    expect(at('2026-03-01T15:00:00Z')).toBeGreaterThan(1.5 * at('2026-03-01T03:00:00Z'))
  })

  it('come of every host in turn', () => {
    const items = take('metrics', 120) as unknown as MetricItem[]
    const series = Map.groupBy(items, ({ data }) => `${data.name} ${data.tags.host}`)
    expect([...series.values()].map(({ length }) => length)).toEqual(Array(12).fill(10))
  })
})

describe('logs', () => {
  it('have levels in the proportions of a healthy house, of several services', () => {
    const items = take('logs', 5000)
    const share = (level: string) => items.filter((item) => item['level'] === level).length / items.length
    expect(share('info')).toBeGreaterThan(0.75)
    expect(share('warn')).toBeGreaterThan(share('error'))
    expect(share('error')).toBeGreaterThan(0.005)
    expect(share('error')).toBeLessThan(0.05)
    expect(new Set(items.map((item) => item['service'])).size).toBe(5)
    expect(new Set(items.map((item) => item['message'])).size).toBeGreaterThan(2000)
  })
})

describe('products', () => {
  it('are those of the catalogue, all of them at first, under reserved ids', () => {
    const items = take('products', CATALOGUE.length)
    expect(items.map((item) => item['id'])).toEqual(CATALOGUE.map((_, i) => FIRST_STREAM_PRODUCT_ID + i))
    expect(items.map((item) => item['name'])).toEqual(CATALOGUE.map(({ name }) => name))
  })

  it('change their prices, near that of the catalogue', () => {
    const prices = take('products', 3000)
      .filter((item) => item['id'] === FIRST_STREAM_PRODUCT_ID)
      .map((item) => item['price'] as number)
    expect(new Set(prices).size).toBeGreaterThan(20)
    const { price } = CATALOGUE[0]
    expect(prices.every((one) => one >= price * 0.8 && one <= price * 1.2)).toBe(true)
  })
})
