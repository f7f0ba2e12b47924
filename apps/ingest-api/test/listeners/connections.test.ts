import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { encode } from '@msgpack/msgpack'
import { connectBroker, type Broker } from '@runnel/messaging'
import { createLogger } from '@runnel/observability'
import { pause } from '@runnel/runtime'
import { eventually, startNats, type ManagedProcess } from '@runnel/testing'
import { gzipSync } from 'node:zlib'
import { dial, sendDatagrams, startListeners, type RunningListeners } from './start-listeners.ts'

let listeners: RunningListeners | undefined

const start = async (env: Record<string, string>, broker?: Broker): Promise<RunningListeners> => {
  listeners = await startListeners({ env, ...(broker && { broker }) })
  return listeners
}

afterEach(async () => {
  await listeners?.[Symbol.asyncDispose]()
  listeners = undefined
})

const line = (n: number, bytes = 0) => `<13>1 - h a - - - ${n} ${'x'.repeat(bytes)}\n`
const chunk = (name: string) => Buffer.from(encode(['t', 1795953600, { message: name }, { chunk: name }]))
const refused = (reason: string) => listeners!.count('runnel_listener_refused_total', { reason })

/** What is counted once nothing moves any more. */
async function settled(count: () => Promise<number>): Promise<number> {
  const looks: number[] = []
  await eventually(async () => {
    looks.push(await count())
    return looks.length >= 20 && new Set(looks.slice(-20)).size === 1
  })
  return looks.at(-1)!
}

describe('connections without HTTP', () => {
  it('are as many as they may be, in all and of one address', async () => {
    const { portOf } = await start({
      ...{ SYSLOG_TCP_PORT: '0', STATSD_TCP_PORT: '0' },
      ...{ LISTENER_CONNECTIONS: '3', LISTENER_CONNECTIONS_PER_ADDRESS: '2' },
    })
    const [one, two] = [await dial(portOf('syslog-tcp')), await dial(portOf('statsd-tcp'))]
    const three = await dial(portOf('syslog-tcp'))
    await three.closed
    expect(await refused('too_many_connections_of_address')).toBe(1)
    one.socket.destroy()
    await eventually(async () => (await listeners!.count('runnel_listener_connections')) === 1)
    const four = await dial(portOf('syslog-tcp'))
    four.socket.write(line(4))
    await eventually(() => listeners!.stored().length === 1)
    for (const { socket } of [two, four]) socket.destroy()
  })

  it('and datagrams come from allowed networks alone', async () => {
    const { portOf, count } = await start({
      ...{ SYSLOG_TCP_PORT: '0', SYSLOG_UDP_PORT: '0', ALLOWED_NETWORKS: '10.0.0.0/8,192.168.1.1' },
    })
    await (
      await dial(portOf('syslog-tcp'))
    ).closed
    expect(await refused('network_not_allowed')).toBe(1)
    await sendDatagrams(portOf('syslog-udp'), [line(1)])
    await eventually(
      async () => (await count('runnel_listener_dropped_total', { reason: 'network_not_allowed' })) === 1,
    )
    expect(listeners!.stored()).toEqual([])
  })

  it('are closed in the middle of a message that does not go on, and where nothing comes', async () => {
    const { portOf } = await start({
      ...{ SYSLOG_TCP_PORT: '0', LISTENER_FRAME_MS: '100', LISTENER_IDLE_MS: '1000' },
    })
    const half = await dial(portOf('syslog-tcp'))
    half.socket.write('<13>half')
    const idle = await dial(portOf('syslog-tcp'))
    await half.closed
    expect(await refused('too_slow')).toBe(1)
    await idle.closed
    expect(await refused('idle')).toBe(1)
    expect(listeners!.stored()).toEqual([])
  })

  it.each<[string, string, Record<string, string>, Buffer]>([
    ['a message', 'syslog-tcp', { SYSLOG_TCP_PORT: '0' }, Buffer.from('<13>h')],
    ['a message that is too large', 'syslog-tcp', { SYSLOG_TCP_PORT: '0' }, Buffer.alloc(600, 'x')],
    ['a counted one that is too large', 'syslog-tcp', { SYSLOG_TCP_PORT: '0' }, Buffer.from('5000 <13>h')],
    ['a line that is too large', 'statsd-tcp', { STATSD_TCP_PORT: '0' }, Buffer.alloc(600, 'x')],
    [
      'a handshake',
      'fluent-tcp',
      { FLUENT_PORT: '0', FLUENT_SHARED_KEY: 'a shared key' },
      Buffer.from([0xda, 0x0f, 0x00]),
    ],
  ])(
    'are closed in the middle of %s that never ends, though some bytes come',
    async (_, name, env, begin) => {
      const { portOf } = await start({ ...env, LISTENER_FRAME_MS: '200', LISTENER_FRAME_BYTES: '512' })
      const { socket, closed } = await dial(portOf(name))
      socket.write(begin)
      const drip = setInterval(() => socket.write('x'), 20)
      await closed
      clearInterval(drip)
      expect(await refused('too_slow')).toBe(1)
    },
  )

  it('that fill the memory with messages without an end do not keep out the others', async () => {
    const { portOf } = await start({
      ...{ SYSLOG_TCP_PORT: '0', LISTENER_BYTES: String(1024 ** 2), LISTENER_FRAME_BYTES: String(1024 ** 2) },
    })
    const hogs = [await dial(portOf('syslog-tcp')), await dial(portOf('syslog-tcp'))]
    hogs[0]!.socket.write(`<13>${'x'.repeat(600_000)}`)
    hogs[1]!.socket.write(`<13>${'x'.repeat(700_000)}`)
    await Promise.race(hogs.map(({ closed }) => closed))
    expect(await refused('too_much_in_memory')).toBe(1)
    const other = await dial(portOf('syslog-tcp'))
    other.socket.write(line(1))
    await eventually(() => listeners!.stored().length === 1)
    for (const { socket } of [...hogs, other]) socket.destroy()
  })

  it('at a port that is taken are the end of the start, with a sentence', async () => {
    const { portOf } = await start({ SYSLOG_TCP_PORT: '0' })
    const env = { STATSD_UDP_PORT: '0', GELF_TCP_PORT: String(portOf('syslog-tcp')) }
    await expect(startListeners({ env })).rejects.toThrow(
      /^Port \d+ on 127.0.0.1 is taken: set GELF_TCP_PORT to another/,
    )
  })

  it('are drained: what was read is stored, and acknowledged where it asks for that', async () => {
    const { portOf, closeListeners, data } = await start({ FLUENT_PORT: '0', SYSLOG_TCP_PORT: '0' })
    const { socket, received, closed } = await dial(portOf('fluent-tcp'))
    const syslog = await dial(portOf('syslog-tcp'))
    for (let n = 0; n < 200; n++) socket.write(chunk(`c${n}`))
    syslog.socket.write(`${line(1)}<13>half`)
    await eventually(() => received().length > 0 && data().some(({ service }) => service === 'a'))
    await closeListeners()
    await Promise.all([closed, syslog.closed])
    const acked = [...received().toString('latin1').matchAll(/c\d+/g)].map(([name]) => name)
    const stored = () => data().filter(({ service }) => service === 't')
    await eventually(() => stored().length >= acked.length)
    expect(
      stored()
        .map(({ message }) => message)
        .sort(),
    ).toEqual(acked.sort())
  })
})

describe('while the broker is unreachable', () => {
  let nats: ManagedProcess
  let broker: Broker

  beforeAll(async () => {
    nats = await startNats()
    broker = await connectBroker(nats.url, { name: 'test', log: createLogger('test', 'silent') })
  })

  afterAll(async () => {
    await broker.close()
    await nats.close()
  })

  const away = async () => {
    await nats.stop()
    await eventually(() => !broker.connected())
  }

  it('a connection is not read, and nothing is lost once the broker is back', async () => {
    const { portOf, stored, data, count } = await start(
      { SYSLOG_TCP_PORT: '0', PUBLISH_DEADLINE_MS: '500', SUBJECT_PREFIX: 'stall' },
      broker,
    )
    const { socket } = await dial(portOf('syslog-tcp'))
    socket.write(line(0))
    await eventually(() => stored().length === 1)
    await away()
    // More than the buffers of the kernel take.
    const lines = 1600
    for (let n = 1; n < lines; n++) socket.write(line(n, 10_000))
    await eventually(async () => (await count('runnel_listener_waiting_bytes')) >= 256 * 1024)
    expect(await settled(() => count('runnel_listener_waiting_bytes'))).toBeLessThan(1024 ** 2)
    expect(socket.writableLength).toBeGreaterThan(0)
    await nats.restart()
    await eventually(() => stored().length === lines)
    const numbers = data().map(({ message }) => Number.parseInt(message as string, 10))
    expect(new Set(numbers).size).toBe(lines)
    expect(await count('runnel_listener_dropped_total')).toBe(0)
    socket.destroy()
  })

  it('no connection is cut for what it could not send', async () => {
    const { portOf, stored, count } = await start(
      {
        ...{ SYSLOG_TCP_PORT: '0', PUBLISH_DEADLINE_MS: '500', SUBJECT_PREFIX: 'paused' },
        ...{ LISTENER_BYTES: String(1024 ** 2), LISTENER_FRAME_MS: '1000', LISTENER_IDLE_MS: '3000' },
      },
      broker,
    )
    await away()
    const others = await Promise.all(Array.from({ length: 6 }, () => dial(portOf('syslog-tcp'))))
    for (const { socket } of others) for (let n = 0; n < 40; n++) socket.write(line(n, 10_000))
    await eventually(async () => (await count('runnel_listener_waiting_bytes')) > 1024 ** 2)
    const half = await dial(portOf('syslog-tcp'))
    half.socket.write('<13>h a: ha')
    // Some times as long as a client may take.
    await pause(3500)
    await nats.restart()
    half.socket.write('lf\n')
    await eventually(() => stored().length === 6 * 40 + 1)
    expect(await count('runnel_listener_refused_total')).toBe(0)
    for (const { socket } of [...others, half]) socket.destroy()
  })

  const long = Buffer.from(encode([1795953600, { message: 'm'.repeat(1000) }]))
  const short = Buffer.from(encode([1795953600, {}]))
  const compressed = { tag: 't', entries: gzipSync(Buffer.concat(Array<Buffer>(700).fill(long))) }
  const withTag = { tag: 't'.repeat(500), entries: Buffer.concat(Array<Buffer>(700).fill(short)) }
  it.each([
    { what: 'inflates', prefix: 'inflated', ...compressed, option: { compressed: 'gzip' } },
    { what: 'grows by its tag', prefix: 'grown', ...withTag, option: {} },
  ])('what $what takes turns while there is no room for all of it, and all of it is stored', async (sent) => {
    const { portOf, stored, count } = await start(
      {
        ...{ FLUENT_PORT: '0', PUBLISH_DEADLINE_MS: '500', SUBJECT_PREFIX: sent.prefix },
        ...{ LISTENER_BYTES: String(1024 ** 2), FLUENT_CHUNK_BYTES: String(1024 ** 2) },
      },
      broker,
    )
    await away()
    const { socket, received } = await dial(portOf('fluent-tcp'))
    const chunks = Array.from({ length: 8 }, (_, n) =>
      encode([sent.tag, sent.entries, { chunk: `c${n}`, ...sent.option }]),
    )
    socket.write(Buffer.concat(chunks))
    await eventually(async () => (await count('runnel_listener_waiting_bytes')) > 700_000)
    expect(await settled(() => count('runnel_listener_waiting_bytes'))).toBeLessThan(2 * 700_000)
    await nats.restart()
    await eventually(() => received().toString('latin1').includes('c7'))
    await eventually(() => stored().length === 8 * 700)
    expect(await settled(() => count('runnel_listener_waiting_bytes'))).toBe(0)
    socket.destroy()
  })

  it('a drain waits for what was read of connections that are closed by then', async () => {
    const { portOf, count, closeListeners } = await start(
      { SYSLOG_TCP_PORT: '0', PUBLISH_DEADLINE_MS: '500', SUBJECT_PREFIX: 'closed' },
      broker,
    )
    await away()
    const { socket, closed } = await dial(portOf('syslog-tcp'))
    socket.write(line(1))
    await eventually(async () => (await count('runnel_listener_waiting_bytes')) > 0)
    socket.resetAndDestroy()
    await closed
    await eventually(async () => (await count('runnel_listener_connections')) === 0)
    const waiting = closeListeners().then(() => count('runnel_listener_waiting_bytes'))
    await nats.restart()
    expect(await waiting).toBe(0)
    expect(
      await count('runnel_ingest_format_events_total', { format: 'syslog-tcp', outcome: 'accepted' }),
    ).toBe(1)
  })

  it('a chunk is not acknowledged, also where the process ends then, and is stored once it is sent again', async () => {
    const env = { FLUENT_PORT: '0', PUBLISH_DEADLINE_MS: '500', SUBJECT_PREFIX: 'chunks' }
    const first = await startListeners({ env, broker })
    await away()
    const { socket, received, closed } = await dial(first.portOf('fluent-tcp'))
    socket.write(chunk('c'))
    await eventually(async () => (await first.count('runnel_listener_waiting_bytes')) > 0)
    first.hurry()
    await first.closeListeners()
    await closed
    expect(received().length).toBe(0)
    expect(await first.count('runnel_listener_dropped_total', { reason: 'shutting_down' })).toBe(1)
    await nats.restart()
    await first[Symbol.asyncDispose]()
    const second = await start(env, broker)
    const again = await dial(second.portOf('fluent-tcp'))
    again.socket.write(chunk('c'))
    await eventually(() => again.received().length > 0)
    // The first attempt may have reached the broker after all: then both have the same key.
    await eventually(() => second.stored().length > 0)
    expect(new Set(second.stored().map(({ key }) => key)).size).toBe(1)
    again.socket.destroy()
  })

  it('datagrams wait in a bounded queue, and the others are counted', async () => {
    const { portOf, stored, count, note } = await start(
      {
        ...{ STATSD_UDP_PORT: '0', PUBLISH_DEADLINE_MS: '500', SUBJECT_PREFIX: 'flood' },
        ...{ DATAGRAM_QUEUE_EVENTS: '100', PEER_SHARE_PERCENT: '80' },
      },
      broker,
    )
    await away()
    const sent = 500
    await sendDatagrams(
      portOf('statsd-udp'),
      Array.from({ length: sent }, (_, n) => `flood:${n}|g`),
    )
    const dropped = () => count('runnel_listener_dropped_total', { listener: 'statsd-udp' })
    await eventually(async () => (await dropped()) >= 400)
    expect(await count('runnel_listener_waiting_events')).toBeLessThanOrEqual(100)
    expect(note()).toMatch(/statsd-udp \d+/)
    await nats.restart()
    await eventually(async () => stored().length + (await dropped()) === sent)
    expect(stored().length).toBeGreaterThan(0)
  })
})
