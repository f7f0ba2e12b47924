import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import {
  createAuthority,
  startRabbitmq,
  type CertificateAuthority,
  type RabbitmqServer,
  workspaceRoot,
} from '@runnel/testing'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectBroker } from '../src/index.ts'
import { NO_ACCESS } from '../src/nats/access-options.ts'
import type { Broker, BrokerOptions } from '../src/ports.ts'
import { PublishUnknownError } from '../src/publish-errors.ts'
import { aMessage, aSpec, consume, memoryLog, type Running } from './builders.ts'
import { describeWithRabbitmq, openAdmin } from './rabbitmq-admin.ts'
import { until } from './until.ts'

const PERMISSIONS = readFileSync(join(workspaceRoot, 'deploy/rabbitmq/permissions.sh'), 'utf8')

/** The line of a user, as an operator would run it. @returns configure, write and read */
function permissionsOf(user: string): string[] {
  const line = PERMISSIONS.split('\n').find((one) => one.startsWith(`allow ${user} `))
  return [...line!.matchAll(/'([^']*)'/g)].map(([, pattern]) => pattern!)
}

describeWithRabbitmq('the rabbitmq driver, as a user with the least permissions over TLS', () => {
  let authority: CertificateAuthority
  let clientFiles: { readonly caFile: string; readonly certFile: string; readonly keyFile: string }
  let server: RabbitmqServer
  const brokers: Broker[] = []
  const consumers: Running[] = []

  beforeAll(async () => {
    authority = createAuthority()
    const { caFile } = authority
    clientFiles = { caFile, ...authority.issue(['DNS:runnel'], 'runnel') }
    server = await startRabbitmq({ tls: { caFile, ...authority.issue(['DNS:localhost']) } })
    for (const user of ['ingest-api', 'consumer', 'query-api', 'message-dispatcher', 'sender']) {
      await server.ctl('add_user', user, 'S3CRET')
      await server.ctl('set_permissions', user, ...permissionsOf(user))
    }
  })
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((running) => running.stop()))
    await Promise.all(brokers.splice(0).map((broker) => broker.close()))
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    authority.close()
  })

  const open = async (
    user: string,
    access: Partial<BrokerOptions['access']> = clientFiles,
    firstConnectMs = 60_000,
    log = memoryLog(),
  ) => {
    const url = server.tlsUrl!.replace('//', `//${user}:S3CRET@`)
    const options = { name: user, log, firstConnectMs, access: { ...NO_ACCESS, ...access } }
    const broker = await connectBroker(url, options)
    brokers.push(broker)
    return broker
  }
  const aLogSpec = () =>
    aSpec({ stream: 'logs', subject: 'logs', queue: 'runnel.logs', durable: 'consumer-logs' })

  test('publishes as ingest-api, consumes as consumer, and sends notices both ways', async () => {
    const spec = aLogSpec()
    const [ingest, consumer] = await Promise.all([open('ingest-api'), open('consumer')])
    const query = await open('query-api')
    await Promise.all([ingest.ensureStream(spec), consumer.ensureStream(spec)])
    const { seen } = consume(consumer, spec)
    await ingest.publish(aMessage(spec, 'a'), 30_000)
    await until('it is delivered', () => seen.includes('a'))
    const heard = new Set<string>()
    for (const broker of [ingest, query])
      broker.subscribe('a.notice', (payload) =>
        heard.add(`${brokers.indexOf(broker)} ${Buffer.from(payload)}`),
      )
    await until('both hear of it', () => {
      consumer.send('a.notice', Buffer.from('n'))
      return heard.size === 2
    })
    await until('the backlog is empty', async () => (await consumer.consumer(spec).backlog()).messages === 0)
  })

  test('lets a consumer publish no event, and a sender do nothing but publish', async () => {
    const spec = aLogSpec()
    const consumer = await open('consumer')
    await consumer.ensureStream(spec)
    await expect(consumer.publish(aMessage(spec, 'b'), 3_000)).rejects.toBeInstanceOf(PublishUnknownError)
    await using admin = await openAdmin(server.url.replace('guest:guest', 'sender:S3CRET'))
    const channel = await admin.connection.createConfirmChannel()
    channel.on('error', () => undefined)
    await expect(channel.consume('runnel.logs', () => undefined)).rejects.toThrow('ACCESS_REFUSED')
    const publishing = await admin.connection.createConfirmChannel()
    publishing.sendToQueue('runnel.logs', Buffer.from('{}'), { persistent: true })
    await publishing.waitForConfirms()
  })

  test.each([
    ['of an authority that is not trusted', () => ({ ...clientFiles, caFile: '' }), /certificate|issuer/i],
    [
      'that asks for a certificate where none is shown',
      () => ({ caFile: authority.caFile }),
      /closed|alert|certificate|ECONNRESET|EPIPE/i,
    ],
  ])('does not work over a server %s', async (_what, access, reason) => {
    const errors: string[] = []
    const log = memoryLog()
    const warn = (fields: object) => void errors.push(String((fields as { err?: Error }).err?.message))
    const broker = await open('ingest-api', access(), 0, { ...log, warn })
    await until('a failure is logged', () => errors.length > 0)
    expect(errors[0]).toMatch(reason)
    expect(broker.connected()).toBe(false)
  })
})
