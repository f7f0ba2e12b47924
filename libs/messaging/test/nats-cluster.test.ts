import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { freePort, onFreePorts, startNats, type ManagedProcess } from '@runnel/testing'
import { connect } from 'nats'
import { connectBroker } from '../src/index.ts'
import type { Broker, StreamSpec } from '../src/ports.ts'
import { aMessage, aSpec, consume, memoryLog } from './builders.ts'
import { until } from './until.ts'

/** Three servers that keep each stream together. */
async function startCluster(): Promise<ManagedProcess[]> {
  const ports = await Promise.all([freePort(), freePort(), freePort()])
  const routes = ports.map((port) => `nats://127.0.0.1:${port}`).join(', ')
  return Promise.all(
    ports.map((port, n) =>
      startNats({
        config: [
          `server_name: n${n + 1}`,
          `cluster { name: test, listen: "127.0.0.1:${port}", routes: [${routes}] }`,
          '',
        ].join('\n'),
      }),
    ),
  )
}

describe('the nats driver over three servers', () => {
  let servers: ManagedProcess[]
  const brokers: Broker[] = []

  beforeAll(async () => {
    servers = await onFreePorts(startCluster)
  })
  afterEach(async () => {
    await Promise.all(brokers.splice(0).map((broker) => broker.close()))
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
  })

  const open = async () => {
    const url = servers.map((server) => server.url).join(',')
    const broker = await connectBroker(url, { name: 'test', log: memoryLog(), firstConnectMs: 60_000 })
    brokers.push(broker)
    return broker
  }
  /** Of the stream, as one of the servers sees it. */
  const infoOf = async (spec: StreamSpec) => {
    const nc = await connect({ servers: servers.map((server) => server.url) })
    try {
      return await (await nc.jetstreamManager()).streams.info(spec.stream)
    } finally {
      await nc.close()
    }
  }
  const replicasOf = async (spec: StreamSpec) => {
    const { cluster } = await infoOf(spec)
    return (cluster?.replicas ?? []).filter(({ current }) => current).length + (cluster?.leader ? 1 : 0)
  }
  const stepDown = async (spec: StreamSpec) => {
    const nc = await connect({ servers: servers.map((server) => server.url) })
    try {
      await nc.request(`$JS.API.STREAM.LEADER.STEPDOWN.${spec.stream}`, '')
    } finally {
      await nc.close()
    }
  }
  /** Again under the same id, as Runnel does it. */
  const publishUntilConfirmed = (broker: Broker, spec: StreamSpec, text: string) =>
    until(`${text} is confirmed`, () =>
      broker.publish(aMessage(spec, text, { messageId: text }), 1_000).then(
        () => true,
        () => false,
      ),
    )

  test('changes the replicas of a stream in place, and leaves them as they are where none are set', async () => {
    const broker = await open()
    const spec = aSpec()
    await broker.ensureStream(spec)
    expect((await infoOf(spec)).config.num_replicas).toBe(1)
    await broker.publish(aMessage(spec, 'kept'), 10_000)
    await broker.ensureStream({ ...spec, replicas: 3 })
    expect((await infoOf(spec)).config.num_replicas).toBe(3)
    await broker.ensureStream({ ...spec, replicas: 0 })
    expect((await infoOf(spec)).config.num_replicas).toBe(3)
    expect((await infoOf(spec)).state.messages).toBe(1)
  })

  const openReplicated = async () => {
    const broker = await open()
    const spec = { ...aSpec(), replicas: 3 }
    await broker.ensureStream(spec)
    await until('all have it', async () => (await replicasOf(spec).catch(() => 0)) === 3)
    let sent = 0
    const publishSome = async () => {
      for (const end = sent + 20; sent < end; sent++) await publishUntilConfirmed(broker, spec, `m-${sent}`)
    }
    /** Everything was kept, once. */
    const check = async () => {
      const { seen, stop } = consume(broker, spec)
      const backlog = () =>
        broker
          .consumer(spec)
          .backlog()
          .catch(() => undefined)
      await until('the stream is empty', async () => (await backlog())?.messages === 0)
      await stop()
      expect(seen.toSorted()).toEqual(Array.from({ length: sent }, (_, n) => `m-${n}`).toSorted())
    }
    return { spec, publishSome, check }
  }

  test.each([0, 1, 2])(
    'loses and doubles nothing while server %i is killed and started again',
    async (place) => {
      const { spec, publishSome, check } = await openReplicated()
      await publishSome()
      const server = servers[place]!
      await server.kill('SIGKILL')
      await publishSome()
      await server.restart()
      await until('all have it again', async () => (await replicasOf(spec).catch(() => 0)) === 3)
      await publishSome()
      await check()
    },
  )

  test('loses and doubles nothing while a leader steps down', async () => {
    const { spec, publishSome, check } = await openReplicated()
    await publishSome()
    await stepDown(spec)
    await publishSome()
    await check()
  })
})
