import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { EventSourceMessage } from 'eventsource-parser'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readEvents } from '../src/web/data/read-events.ts'

/** What the server sends, a chunk each, and the request that it received last. */
let chunks: readonly (string | Buffer)[] = []
let received: IncomingMessage | undefined

const server = createServer((request, response) => {
  received = request
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  void sendChunks(response)
})

async function sendChunks(response: ServerResponse): Promise<void> {
  for (const chunk of chunks) {
    // The reader closes the connection when it refuses what it receives.
    if (response.destroyed) return
    response.write(chunk)
    await new Promise((resolve) => setImmediate(resolve))
  }
  response.end()
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => void server.close())

/** @returns all events of one connection, and the id to continue after */
async function read(sent: typeof chunks, lastId?: string) {
  chunks = sent
  const events: EventSourceMessage[] = []
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const onEvents = (more: readonly EventSourceMessage[]) => void events.push(...more)
  const subscription = { url, lastId, onOpen: () => {}, onEvents }
  await readEvents(subscription, new AbortController().signal)
  return { events, lastId: subscription.lastId }
}

const TEXT =
  ': hello\n\nevent: log\nid: 7\ndata: {"a":"crème"}\n\ndata: one\ndata:two\n\nevent: dropped\ndata: 3\n\n'

test('reads events however the stream is cut into pieces', async () => {
  const bytes = Buffer.from(TEXT)
  for (const size of [1, 2, 7, bytes.length]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    )
    const { events } = await read(pieces)
    expect(events.map(({ event, data }) => [event, data])).toEqual([
      ['log', '{"a":"crème"}'],
      [undefined, 'one\ntwo'],
      ['dropped', '3'],
    ])
  }
})

test('keeps the id of the last event that has one, and sends it with the next connection', async () => {
  const { lastId } = await read(['id: 7\ndata: a\n\ndata: b\n\n'])
  expect(lastId).toBe('7')
  await read([], lastId)
  expect(received?.headers['last-event-id']).toBe('7')
})

test('gives no event out that has not ended, and does not continue after it', async () => {
  expect(await read(['event: log\nid: 8\ndata: {"a":1}\n'], '7')).toEqual({ events: [], lastId: '7' })
})

test('refuses an event without end before it fills the memory', async () => {
  await expect(read(Array.from({ length: 80 }, () => 'x'.repeat(64 * 1024)))).rejects.toThrow(
    'max buffer size',
  )
})
