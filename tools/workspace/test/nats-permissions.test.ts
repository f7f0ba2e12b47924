import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import {
  createTestDatabase,
  eventually,
  serviceUrls,
  spawnPlatform,
  startNats,
  type ManagedProcess,
  type RunningPlatform,
} from '@runnel/testing'
import { connect, headers, type ConnectionOptions, type NatsConnection } from 'nats'
import { renderNatsAccounts } from '../src/nats-accounts.ts'
import { NATS_PERMISSIONS } from '../src/nats-permissions.ts'

const APPS = ['ingest-api', 'consumer', 'query-api', 'message-dispatcher'] as const
const running = new AsyncDisposableStack()
const connections: NatsConnection[] = []
let server: ManagedProcess
let platform: RunningPlatform<(typeof APPS)[number]>

/** Each user's password is its name. */
const config = renderNatsAccounts().replaceAll(/\$(\w+)_NATS_PASSWORD/g, (_, name: string) =>
  name.toLowerCase().replaceAll('_', '-'),
)

beforeAll(async () => {
  server = running.use(await startNats({ config, probeOptions: { user: 'operator', pass: 'operator' } }))
  const database = running.use(await createTestDatabase())
  const urlOf = (user: string) => server.url.replace('://', `://${user}:${user}@`)
  const { REDIS_URL } = serviceUrls()
  platform = running.use(
    await spawnPlatform({
      apps: APPS,
      privateServices: { DATABASE_URL: database.url, NATS_URL: server.url, REDIS_URL },
      appEnv: Object.fromEntries(APPS.map((app) => [app, { NATS_URL: urlOf(app) }])),
    }),
  )
}, 110_000)
afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close()
})
afterAll(() => running.disposeAsync())

const logIn = async (user: string, options: ConnectionOptions = {}) => {
  const inboxPrefix = `_INBOX.${user}`
  const nc = await connect({
    servers: server.url,
    user,
    pass: user,
    inboxPrefix,
    reconnect: false,
    ...options,
  })
  connections.push(nc)
  return nc
}
const violations = () => server.logs().match(/.*Violation.*/g) ?? []
const post = (path: string, body: object) =>
  fetch(platform.apps['ingest-api'].url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const read = async (path: string) => (await fetch(platform.apps['query-api'].url + path)).text()

it('every app works with its permissions alone, from the request to the row, its notice and the reader', async () => {
  const seen = new Set<string>()
  const operator = await logIn('operator')
  operator.subscribe('runnel.>', { callback: (_, msg) => void seen.add(msg.subject) })
  await operator.flush()
  const stopping = new AbortController()
  const tail = fetch(`${platform.apps['query-api'].url}/api/v1/logs/tail`, { signal: stopping.signal })
  for (const [path, body] of [
    ['/api/v1/metrics', { data: { name: 'load', value: 1 } }],
    ['/api/v1/logs', { message: 'hello' }],
    ['/api/v1/products', { id: 7, name: 'pen', price: 1, manufacturer: 'bic' }],
  ] as const)
    expect((await post(`${path}?wait=stored`, body)).status).toBe(200)
  await eventually(async () => (await read('/api/v1/products/7')).includes('pen'))
  await eventually(async () => {
    expect((await post('/api/v1/logs?wait=stored', { message: 'hello again' })).status).toBe(200)
    return ['runnel.logs.wanted', 'runnel.logs.stored', 'runnel.changes'].every((subject) =>
      seen.has(subject),
    )
  })
  stopping.abort()
  await tail.then((answer) => answer.body?.cancel()).catch(() => undefined)
  expect(violations()).toEqual([])
  for (const app of APPS) expect(platform.apps[app].logs()).not.toContain('PERMISSIONS_VIOLATION')
})

it('a sender publishes to its subjects, is confirmed, and its event is stored', async () => {
  const sender = await logIn('sender')
  const ack = await sender.request('logs', JSON.stringify({ message: 'from outside' }), { timeout: 10_000 })
  expect(ack.json()).toMatchObject({ stream: 'logs' })
  await eventually(async () => (await read('/api/v1/logs')).includes('from outside'))
})

it('a sender purges, deletes and reads no stream', async () => {
  const sender = await logIn('sender')
  for (const call of [
    'STREAM.PURGE.logs',
    'STREAM.DELETE.logs',
    'STREAM.MSG.GET.logs',
    'INFO',
    'STREAM.NAMES',
  ])
    await expect(sender.request(`$JS.API.${call}`, '', { timeout: 500 })).rejects.toThrow(
      /Permissions|no responders/i,
    )
})

it('what a sender names for its confirmation is no command: nothing is purged', async () => {
  const operator = await (await logIn('operator')).jetstreamManager()
  const { created } = (await operator.streams.info('logs')) as { created: string }
  const sender = await logIn('sender')
  const replies = ['$JS.API.STREAM.PURGE.logs', '$JS.API.STREAM.DELETE.logs', 'runnel.keys', 'runnel.wake']
  for (const reply of replies)
    sender.publish('logs', JSON.stringify({ message: `forged ${reply}` }), { reply })
  await sender.flush()
  await eventually(async () => {
    const listed = await read('/api/v1/logs?limit=100')
    return replies.every((reply) => listed.includes(`forged ${reply}`))
  })
  expect(await operator.streams.info('logs')).toMatchObject({ created })
})

it('a sender hears nothing of the apps or of other senders', async () => {
  const sender = await logIn('sender')
  const heard: string[] = []
  const refused: string[] = []
  for (const subject of ['>', 'logs', 'runnel.>', '_INBOX.>', '$JS.>', '_R_.>'])
    sender.subscribe(subject, {
      callback: (error, msg) => void (error ? refused.push(subject) : heard.push(msg.subject)),
    })
  await sender.flush()
  expect((await post('/api/v1/logs?wait=stored', { message: 'private' })).status).toBe(200)
  await eventually(() => refused.length === 6)
  expect(heard).toEqual([])
})

it('a sender answers for no app, and wakes none', async () => {
  const operator = await logIn('operator')
  const seen: string[] = []
  operator.subscribe('runnel.>', { callback: (_, msg) => void seen.push(msg.subject) })
  operator.subscribe('_INBOX.>', { callback: (_, msg) => void seen.push(msg.subject) })
  await operator.flush()
  const sender = await logIn('sender')
  const forged = ['runnel.inbox.x', 'runnel.keys', 'runnel.changes', '_INBOX.ingest-api.x.1']
  for (const subject of forged) sender.publish(subject, '{}', { headers: headers() })
  await sender.flush()
  await operator.flush()
  expect(seen.filter((subject) => forged.includes(subject) && subject !== 'runnel.changes')).toEqual([])
})

it('no app may purge or delete a stream, or hear what is sent to another', async () => {
  for (const app of APPS) {
    const { publish, subscribe } = NATS_PERMISSIONS[app]
    expect(publish.filter((subject) => /PURGE|STREAM\.DELETE|[^.]\*|^>/.test(subject))).toEqual([])
    expect(subscribe.filter((subject) => subject.startsWith('_INBOX') && !subject.includes(app))).toEqual([])
    const nc = await logIn(app)
    await expect(nc.request('$JS.API.STREAM.PURGE.logs', '', { timeout: 500 })).rejects.toThrow(
      /Permissions/i,
    )
  }
})
