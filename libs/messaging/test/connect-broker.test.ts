import { expect, test } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { connectBroker } from '../src/index.ts'
import { aSpec, memoryLog } from './builders.ts'

const options = { name: 'test', log: memoryLog(), firstConnectMs: 0 }

test.each(['mqtt://127.0.0.1', 'http://127.0.0.1:4222', 'redis:'])(
  'names the schemes it knows: %s',
  async (url) => {
    await expect(connectBroker(url, options)).rejects.toThrow(
      /^No broker driver for "\w+:"\. .* begins with one of these: nats:, tls:, amqp:, amqps:, memory:$/,
    )
  },
)

test.each([
  'nats://127.0.0.1:1',
  'tls://127.0.0.1:1',
  '127.0.0.1:1',
  'localhost:1',
  'nats://a:1, nats://b:1',
])(
  'takes an address of NATS, with or without a scheme, also while the server is unreachable: %s',
  async (url) => {
    const broker = await connectBroker(url, options)
    expect(broker.connected()).toBe(false)
    await broker.close()
  },
)

test.each(['amqp://127.0.0.1:1', 'amqps://me:pass@127.0.0.1:1/events', 'amqp://a:1, amqp://b:1'])(
  'takes an address of RabbitMQ, also while the server is unreachable: %s',
  async (url) => {
    const broker = await connectBroker(url, options)
    expect(broker.connected()).toBe(false)
    await broker.close()
  },
)

test.each(['amqp://', 'amqp://127.0.0.1:99999', 'amqp://a:1/one/two', 'amqp://a:1,nats://b:1'])(
  'refuses an invalid address of RabbitMQ: %j',
  async (url) => {
    await expect(connectBroker(url, options)).rejects.toThrow('expected amqp://[user:password@]host:port')
  },
)

test.each(['nats://', 'nats://127.0.0.1:99999', 'nats://127.0.0.1:1,nats://'])(
  'refuses an invalid address: %j',
  async (url) => {
    await expect(connectBroker(url, options)).rejects.toThrow('expected nats://[user:password@]host:port')
  },
)

test('connects each caller to a memory broker of its own', async () => {
  const [one, other] = [await connectBroker('memory:', options), await connectBroker('memory:', options)]
  const spec = aSpec()
  await one.ensureStream(spec)
  expect(() => other.consumer(spec)).toThrow('was not ensured')
  await Promise.all([one.close(), other.close()])
})

test.each(globSync('*/', { cwd: join(import.meta.dirname, '../src') }).map((folder) => basename(folder)))(
  'the contract suite runs over the driver in src/%s',
  (driver) => {
    const suite = readFileSync(join(import.meta.dirname, `${driver}.test.ts`), 'utf8')
    expect(suite).toContain(`describeBroker('${driver}'`)
  },
)
