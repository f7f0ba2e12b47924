import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  connectRabbitmqOnce,
  createTestDatabase,
  eventually,
  findRabbitmq,
  runIf,
  serviceUrls,
  spawnPlatform,
  startRabbitmq,
  type RunningPlatform,
} from '@runnel/testing'

const APPS = ['ingest-api', 'consumer', 'query-api', 'message-dispatcher', 'producer-sim'] as const
const DAY_MS = 86_400_000
const SPAN = {
  ...{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 'GET /orders', service: 'shop' },
  ...{ startTime: new Date(Date.now() - 1_000).toISOString(), endTime: new Date().toISOString() },
}

const withRabbitmq = runIf(findRabbitmq() !== undefined, describe, 'rabbitmq-server is not installed')

withRabbitmq('the apps over RabbitMQ', () => {
  const running = new AsyncDisposableStack()
  let url: string
  let platform: RunningPlatform<(typeof APPS)[number]>
  let channel: Awaited<ReturnType<typeof openChannel>>

  const openChannel = async () => {
    const connection = await connectRabbitmqOnce(url)
    running.defer(() => connection.close())
    return connection.createConfirmChannel()
  }
  const ask = async (app: (typeof APPS)[number], path: string, body?: object) => {
    const response = await fetch(platform.apps[app].url + path, {
      ...(body && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
    return { status: response.status, text: await response.text() }
  }

  beforeAll(async () => {
    // A virtual host that nothing else uses, where one is named.
    url = process.env['RABBITMQ_URL'] || running.use(await startRabbitmq()).url
  }, 110_000)
  beforeAll(async () => {
    channel = await openChannel()
    // As a system that Runnel replaces has declared it.
    await channel.assertQueue('logs', { durable: true })
    const database = running.use(await createTestDatabase())
    const { REDIS_URL } = serviceUrls()
    platform = running.use(
      await spawnPlatform({
        apps: APPS,
        privateServices: { DATABASE_URL: database.url, NATS_URL: '', REDIS_URL },
        env: { BROKER_URL: url, RABBITMQ_URL: '' },
      }),
    )
  }, 110_000)
  afterAll(() => running.disposeAsync())

  it('store an event of every kind, and say so to the one that waits for the row', async () => {
    for (const [path, body] of [
      ['/api/v1/metrics', { data: { name: 'load', value: 1 } }],
      ['/api/v1/logs', { message: 'hello' }],
      ['/api/v1/products', { id: 7, name: 'pen', price: 1, manufacturer: 'bic' }],
      ['/api/v1/traces', SPAN],
    ] as const) {
      const { status, text } = await ask('ingest-api', `${path}?wait=stored`, body)
      expect([path, status, text]).toEqual([path, 200, expect.stringContaining('stored')])
    }
    await eventually(async () =>
      (await ask('query-api', `/api/v1/traces/${SPAN.traceId}`)).text.includes('GET /orders'),
    )
    expect((await ask('query-api', '/api/v1/metrics/names')).text).toContain('load')
    expect((await ask('query-api', '/api/v1/logs')).text).toContain('hello')
    await eventually(async () => (await ask('query-api', '/api/v1/products/7')).text.includes('pen'))
  })

  it('drain the queue of other publishers: a message with an id is one event, however often it is sent', async () => {
    const send = (message: string, messageId?: string) =>
      channel.sendToQueue('logs', Buffer.from(JSON.stringify({ message })), {
        persistent: true,
        ...(messageId !== undefined && { messageId }),
      })
    send('theirs', 'm-1')
    send('theirs', 'm-1')
    send('theirs without an id')
    await channel.waitForConfirms()
    const listed = async () => (await ask('query-api', '/api/v1/logs?limit=100')).text
    await eventually(async () => (await listed()).includes('theirs without an id'))
    await eventually(async () => (await channel.checkQueue('logs')).messageCount === 0)
    const { items } = JSON.parse(await listed()) as {
      readonly items: readonly { readonly message: string }[]
    }
    expect(items.filter(({ message }) => message === 'theirs')).toHaveLength(1)
    // It is as it was declared.
    await channel.assertQueue('logs', { durable: true })
  })

  it('hear of changes, and send a mailing', async () => {
    const { queue } = await channel.assertQueue('', { exclusive: true })
    for (const subject of ['runnel.changes', 'runnel.wake'])
      await channel.bindQueue(queue, 'runnel.notices', subject)
    const heard = new Set<string>()
    await channel.consume(queue, (message) => heard.add(message?.fields.routingKey ?? ''), { noAck: true })
    const product = { id: 8, name: 'ink', price: 2, manufacturer: 'bic' }
    expect((await ask('ingest-api', '/api/v1/products?wait=stored', product)).status).toBe(200)
    await eventually(() => heard.has('runnel.changes'))
    const client = { phone: '+79161234567', tag: 'vip', timeZone: 'UTC' }
    expect((await ask('message-dispatcher', '/api/v1/clients', client)).status).toBe(201)
    const now = Date.now()
    const made = await ask('message-dispatcher', '/api/v1/mailings', {
      ...{ name: 'spring', text: 'hello', filter: { tags: ['vip'] } },
      start: new Date(now - 60_000).toISOString(),
      end: new Date(now + DAY_MS).toISOString(),
    })
    expect([made.status, made.text]).toEqual([201, expect.any(String)])
    const { id } = JSON.parse(made.text) as { id: number }
    await eventually(async () =>
      (await ask('message-dispatcher', `/api/v1/mailings/${id}`)).text.includes('"completed"'),
    )
    expect((await ask('query-api', `/api/v1/messages?mailing=${id}`)).text).toContain('"sent"')
    await eventually(() => heard.has('runnel.wake'))
  })

  it('expose what the broker says of its queues, and leave out what it does not', async () => {
    const metrics = (await ask('consumer', '/metrics')).text
    expect(metrics).toMatch(/^runnel_broker_pending_messages\{.*kind="logs".*\} 0$/m)
    expect(metrics).toMatch(/^runnel_consumer_lag_seconds\{.*kind="metrics".*\} \d/m)
    expect(metrics).not.toMatch(/runnel_broker_stream_bytes\{/)
  })
})
