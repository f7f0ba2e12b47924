import { encodeItemIdentity, hashItemText, placeKey } from '@runnel/contracts'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ensurePartitions } from '@runnel/repositories-database'
import { ENGINES, openTestDatabase, type OpenTestDatabase } from '@runnel/repositories-database/testing'
import type { LogRow } from '../src/writes/event-rows.ts'
import { storeLogs } from '../src/writes/store-logs.ts'
import { storeProducts } from '../src/writes/store-products.ts'
import { aLog, aProduct } from './rows.ts'

/** An event that was sent alone under a key. */
const alone = (key: string, text: string) => aLog({ key, item: hashItemText(text), message: text })

/** The events of one request under a key. */
function batch(requestKey: string, texts: readonly string[]): LogRow[] {
  const seen = new Map<string, number>()
  return texts.map((text, place) => {
    const number = seen.get(text) ?? 0
    seen.set(text, number + 1)
    const item = encodeItemIdentity({ hash: hashItemText(text), number })
    return aLog({ key: placeKey(requestKey, place), item, message: text })
  })
}

/** As a version before 0.2 sends them. */
const legacyAlone = (key: string, text: string) => aLog({ key, message: text })
const legacyBatch = (requestKey: string, texts: readonly string[]) =>
  texts.map((text, place) => aLog({ key: placeKey(requestKey, place), message: text }))

describe.each(ENGINES)('keys of items on %s', (engine) => {
  let database: OpenTestDatabase
  let serial = 0

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    await ensurePartitions(database, [Date.now()])
  })
  afterAll(() => database.drop())

  const newKey = () => `key-${serial++}`
  /** @returns the texts that were stored, the duplicates and the reused ones, each in order */
  const store = async (rows: readonly LogRow[]) => {
    const { duplicates, reused } = await storeLogs(database, rows, [])
    const [twice, other] = [duplicates, reused].map((list) => new Set(list.map(({ id }) => id)))
    const textsOf = (keep: (id: string) => boolean) =>
      rows.filter(({ id }) => keep(id)).map(({ message }) => message)
    return {
      stored: textsOf((id) => !twice!.has(id) && !other!.has(id)),
      duplicates: textsOf((id) => twice!.has(id)),
      reused: textsOf((id) => other!.has(id)),
    }
  }
  const only = (what: 'stored' | 'duplicates' | 'reused', texts: readonly string[]) => ({
    ...{ stored: [], duplicates: [], reused: [] },
    [what]: texts,
  })

  it('keeps two equal lines of one batch, and recognises both when the batch comes again', async () => {
    const key = newKey()
    expect(await store(batch(key, ['a', 'a']))).toEqual(only('stored', ['a', 'a']))
    expect(await store(batch(key, ['a', 'a']))).toEqual(only('duplicates', ['a', 'a']))
  })

  it('stores other items under the key of an earlier batch, and the remainder of one', async () => {
    const key = newKey()
    await store(batch(key, ['a', 'b', 'c']))
    expect(await store(batch(key, ['d', 'e']))).toEqual(only('stored', ['d', 'e']))
    expect(await store(batch(key, ['c', 'f']))).toEqual({ stored: ['f'], duplicates: ['c'], reused: [] })
  })

  it('recognises a single event in a batch of it, and the other way round', async () => {
    const [one, other] = [newKey(), newKey()]
    await store([alone(one, 'a')])
    expect(await store(batch(one, ['a', 'b']))).toEqual({ stored: ['b'], duplicates: ['a'], reused: [] })
    await store(batch(other, ['b', 'a']))
    expect(await store([alone(other, 'a')])).toEqual(only('duplicates', ['a']))
  })

  it('reports a single event under a used key with other content, and stores nothing of it', async () => {
    const [one, other] = [newKey(), newKey()]
    await store([alone(one, 'a')])
    await store(batch(other, ['a', 'b']))
    for (const key of [one, other]) expect(await store([alone(key, 'x')])).toEqual(only('reused', ['x']))
    expect(await store([alone(one, 'a')])).toEqual(only('duplicates', ['a']))
  })

  it('does not mix up the key of an item with the key of a batch', async () => {
    const key = newKey()
    await store([alone(`${key}#0`, 'a')])
    expect(await store(batch(key, ['a', 'b']))).toEqual(only('stored', ['a', 'b']))
  })

  it('lets a redelivered event find its own key, whatever was sent since', async () => {
    const [one, other] = [newKey(), newKey()]
    const [single, many] = [alone(one, 'a'), batch(other, ['a', 'b'])]
    await store([single])
    await store(many)
    await store(batch(one, ['a', 'a']))
    await store([alone(other, 'a')])
    expect(await store([single, ...many])).toEqual(only('stored', ['a', 'a', 'b']))
  })

  it('lets a deletion delete under the key of an earlier upsert, once', async () => {
    const key = newKey()
    const upsert = aProduct({ key, item: hashItemText('{"id":1}') })
    const deletion = () => aProduct({ key, item: hashItemText('{"id":1}'), op: 'delete' })
    await storeProducts(database, [upsert], [])
    const first = deletion()
    expect(await storeProducts(database, [first], [])).toMatchObject({ stored: 1 })
    expect(await storeProducts(database, [deletion()], [])).toMatchObject({
      duplicates: [{ of: first.id }],
    })
  })

  it('counts keys of a version before 0.2 as that version did', async () => {
    const [one, other] = [newKey(), newKey()]
    await store([legacyAlone(one, 'a')])
    await store(legacyBatch(other, ['a', 'b']))
    expect(await store([alone(one, 'x')])).toEqual(only('duplicates', ['x']))
    expect(await store(batch(other, ['x', 'b', 'c']))).toEqual({
      stored: ['c'],
      duplicates: ['x', 'b'],
      reused: [],
    })
  })

  it('is recognised by a version before 0.2, where it was sent alone', async () => {
    const key = newKey()
    await store([alone(key, 'a')])
    expect(await store([legacyAlone(key, 'a')])).toEqual(only('duplicates', ['a']))
  })

  it('leaves no claim behind of what was dropped for a key of a version before 0.2', async () => {
    const key = newKey()
    const [old] = legacyBatch(key, ['a'])
    await store([old!])
    await store(batch(key, ['x']))
    await database.kysely.deleteFrom('event_key').where('event_id', '=', old!.id).execute()
    expect(await store(batch(key, ['x']))).toEqual(only('stored', ['x']))
  })

  it('stores each item of any requests under one key once, and never drops what was not stored', async () => {
    const text = fc.constantFrom('a', 'b', 'c')
    const request = fc.oneof(fc.array(text, { minLength: 1, maxLength: 5 }), text)
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 5 }), async (requests) => {
        const key = newKey()
        const kept = new Map<string, number>()
        for (const sent of requests) {
          const { stored, reused } = await store(
            typeof sent === 'string' ? [alone(key, sent)] : batch(key, sent),
          )
          for (const one of stored) kept.set(one!, (kept.get(one!) ?? 0) + 1)
          if (reused.length > 0) expect(typeof sent).toBe('string')
          if (typeof sent === 'string') continue
          for (const one of new Set(sent))
            expect(kept.get(one)).toBeGreaterThanOrEqual(sent.filter((other) => other === one).length)
        }
        for (const [one, count] of kept) {
          const most = requests.map((sent) =>
            typeof sent === 'string' ? Number(sent === one) : sent.filter((other) => other === one).length,
          )
          expect(count).toBe(Math.max(...most))
        }
      }),
      { numRuns: engine === 'pglite' ? 20 : 60, seed: 7 },
    )
  })

  it('gives a key to one of two events that race for it with other content', async () => {
    const keys = Array.from({ length: 200 }, newKey)
    const results = await Promise.all(
      ['x', 'y'].map((text) =>
        storeLogs(
          database,
          keys.map((key) => alone(key, text)),
          [],
        ),
      ),
    )
    expect(results.reduce((sum, { stored }) => sum + stored, 0)).toBe(200)
    expect(results.reduce((sum, { reused }) => sum + reused.length, 0)).toBe(200)
  })
})
