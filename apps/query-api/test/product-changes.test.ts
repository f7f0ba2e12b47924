import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { product } from './builders.ts'
import { listenApi } from './forward-parts.ts'
import type { Api } from './start-api.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()
let api: Api & { url: string }

beforeAll(async () => {
  api = await listenApi({
    databaseUrl: suite.database.url,
    prefix: suite.prefix,
    limits: { changesClients: 2 },
  })
})

afterAll(() => api.close())

async function change(...args: Parameters<typeof product>): Promise<void> {
  const { productIds, version } = await suite.writer.products(product(...args))
  api.notices.send(api.changes, Buffer.from(JSON.stringify({ productIds, version })))
}

/** A page that follows the changes. */
async function follow(url = api.url) {
  const stop = new AbortController()
  const response = await fetch(`${url}/api/v1/products/changes`, { signal: stop.signal })
  const page = { text: '', ended: false, response, leave: () => stop.abort() }
  const read = async () => {
    for await (const chunk of response.body!) page.text += Buffer.from(chunk as Uint8Array).toString()
    page.ended = true
  }
  read().catch(() => (page.ended = true))
  await eventually(() => page.text.includes('retry:') || response.status !== 200)
  return page
}

test('an open page receives an event about a change, and sees the change when it then fetches itself', async () => {
  await change(1, { name: 'old' })
  const page = await follow()
  expect(page.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  for (const name of ['first', 'second', 'third']) {
    page.text = ''
    await change(1, { name })
    await eventually(() => page.text.includes('event: changed\ndata: {"ids":[1]}\n\n'))
    for (const url of ['/', '/api/v1/products', '/api/v1/products/1', '/product?id=1'])
      expect((await api.get(url)).body).toContain(name)
  }
  page.leave()
})

test('changes in a row are sent together', async () => {
  const page = await follow()
  for (let id = 10; id < 30; id++) await change(id)
  await eventually(() => page.text.includes('29'))
  const told = [...page.text.matchAll(/"ids":\[([\d,]+)\]/g)].flatMap(([, ids]) =>
    ids!.split(',').map(Number),
  )
  expect(new Set(told)).toEqual(new Set(Array.from({ length: 20 }, (_, i) => i + 10)))
  page.leave()
})

test('of very many changes a page receives only that there are some', async () => {
  const page = await follow()
  const productIds = Array.from({ length: 501 }, (_, i) => i + 1)
  api.notices.send(api.changes, Buffer.from(JSON.stringify({ productIds, version: Date.now() })))
  await eventually(() => page.text.includes('{"ids":null}'))
  page.leave()
})

test('more pages than allowed get an error that asks them to come back later', async () => {
  const pages = await Promise.all([follow(), follow()])
  const third = await fetch(`${api.url}/api/v1/products/changes`)
  expect([third.status, ((await third.json()) as { code: string }).code]).toEqual([429, 'too_busy'])
  for (const page of pages) page.leave()
  await eventually(async () => {
    const page = await follow()
    page.leave()
    return page.response.status === 200
  })
})

test('HEAD does not wait for ever, and a drain ends the stream', async () => {
  expect(
    (await fetch(`${api.url}/api/v1/products/changes`, { method: 'HEAD' })).status,
  ).toBeGreaterThanOrEqual(400)
  const other = await listenApi({ databaseUrl: suite.database.url, prefix: suite.prefix })
  const page = await follow(other.url)
  await other.close()
  await eventually(() => page.ended)
})
