import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createKey, noCounts, type KeyDirectory } from '@runnel/http'
import { eventually } from '@runnel/testing'
import { listenApi, startService } from './forward-parts.ts'
import type { Api } from './start-api.ts'
import { useSuite } from './suite.ts'

const suite = useSuite()
const { id, text, sha256 } = createKey()
const counts = noCounts()
const record = {
  ...{ id, name: 'sender', kind: 'live' as const, scopes: new Set(['clients:read' as const]) },
  ...{ hashes: [{ sha256 }], networks: [], namespace: '' },
}
const keys: KeyDirectory = {
  state: 'fresh',
  find: (keyId) => (keyId === id ? record : undefined),
  noteUse: () => undefined,
  countsOf: () => counts,
}
let api: Api & { url: string }
let service: Awaited<ReturnType<typeof startService>>

beforeAll(async () => {
  service = await startService((request, response) =>
    response
      .writeHead(request.method === 'GET' ? 200 : 403, { 'content-type': 'application/json' })
      .end('{}'),
  )
  api = await listenApi({
    ...{ databaseUrl: suite.database.url, prefix: suite.prefix },
    services: { 'message-dispatcher': service.url },
    httpOptions: {
      access: {
        ...{ auth: 'keys', app: 'query-api', keys, identitySecret: 'secret' },
        forwardedUser: { networks: [], secret: '', role: 'viewer' },
      },
    },
  })
})
afterAll(async () => {
  await api?.close()
  service?.server.close()
})

test('what is forwarded is counted once for its key: as let in, or as refused where the other app refuses it', async () => {
  const ask = async (method: string) =>
    (await fetch(`${api.url}/api/v1/clients`, { method, headers: { 'x-api-key': text } })).status
  expect([await ask('GET'), await ask('DELETE'), await ask('GET')]).toEqual([200, 403, 200])
  await eventually(() => counts.requests + counts.refused === 3)
  expect(counts).toMatchObject({ requests: 2, refused: 1 })
})
