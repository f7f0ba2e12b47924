import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { listenApi, startService, type Seen } from './forward-parts.ts'
import type { Api } from './start-api.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()
let api: Api & { url: string }
let service: Awaited<ReturnType<typeof startService>>
const sockets: Socket[] = []

beforeAll(async () => {
  service = await startService()
  api = await listenApi({
    ...{ databaseUrl: suite.database.url, prefix: suite.prefix },
    services: { 'message-dispatcher': service.url },
    httpOptions: {
      peerPercent: 80,
      clients: { slowMs: 600_000, slowBytes: 1, waitingBytes: 100_000_000 },
    },
  })
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await api?.close()
  service?.server.close()
})

/** A request whose body never comes. */
function stall(peer: string, path: string): void {
  const socket = connect({ port: Number(new URL(api.url).port), host: '127.0.0.1', localAddress: peer })
  sockets.push(socket)
  socket.on('error', () => undefined)
  socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n`)
}

function post(peer: string, path: string): Promise<Seen & { status: number }> {
  return new Promise((resolve, reject) => {
    request(`${api.url}${path}`, { method: 'POST', localAddress: peer, agent: false }, (response) => {
      const { statusCode } = response
      text(response).then((body) => resolve({ ...(JSON.parse(body) as Seen), status: statusCode! }), reject)
    })
      .once('error', reject)
      .end()
  })
}

async function held(pool: string): Promise<number> {
  const { body } = await api.get('/metrics')
  return Number(new RegExp(`^runnel_share_held\\{.*pool="${pool}".*\\} (\\d+)$`, 'm').exec(body)?.[1])
}

test('requests without bodies of one client hang neither requests of other clients nor commands', async () => {
  for (let i = 0; i < 64; i++) stall('127.0.0.2', '/api/v1/mailings')
  await eventually(async () => (await held('requests to message-dispatcher')) === 51)
  for (const action of ['approve', 'schedule', 'unschedule', 'pause', 'resume', 'cancel'])
    for (const peer of ['127.0.0.2', '127.0.0.3'])
      expect(await post(peer, `/api/v1/mailings/7/${action}`)).toMatchObject({
        status: 200,
        url: `/api/v1/mailings/7/${action}`,
      })
  expect((await post('127.0.0.3', '/api/v1/mailings')).status).toBe(200)
  for (let i = 0; i < 20; i++) stall('127.0.0.2', '/api/v1/mailings/7/pause')
  await eventually(async () => (await held('commands to message-dispatcher')) === 12)
  expect((await post('127.0.0.3', '/api/v1/mailings/7/pause')).status).toBe(200)
})
