import { decode, Encoder } from '@msgpack/msgpack'
import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { createHash, randomBytes } from 'node:crypto'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { EventTime, fluentExtensions } from '../../src/listeners/fluent/fluent-codec.ts'
import { dial, startListeners, type RunningListeners } from './start-listeners.ts'

let listeners: RunningListeners

const start = async (env: Record<string, string> = {}) => {
  listeners = await startListeners({ env: { FLUENT_PORT: '0', ...env } })
  return listeners.portOf('fluent-tcp')
}

afterEach(() => listeners[Symbol.asyncDispose]())

const encoder = new Encoder({ extensionCodec: fluentExtensions, useBigInt64: true })
const pack = (value: unknown) => Buffer.from(encoder.encode(value))
const SECONDS = 1795953600
const time = new EventTime(SECONDS, 123456789)
const record = (n: number) => ({ message: `m${n}`, level: 'warn', service: 'shop', order: n })
const entries = (...numbers: number[]) => Buffer.concat(numbers.map((n) => pack([time, record(n)])))
const messages = () => listeners.data().map(({ message }) => message)
const acksIn = (bytes: Buffer) => {
  const acks: unknown[] = []
  for (let at = 0; at < bytes.length;) {
    const value = decode(bytes.subarray(at, at + lengthOf(bytes, at)))
    acks.push((value as { ack: unknown }).ack)
    at += lengthOf(bytes, at)
  }
  return acks
}
/** `{ack: text}` with a text of up to 31 bytes. */
const lengthOf = (bytes: Buffer, at: number) => 1 + 4 + 1 + (bytes[at + 5]! & 0x1f)

describe('the forward protocol', () => {
  it('takes all modes, and acknowledges each chunk once the broker has it', async () => {
    const { socket, received } = await dial(await start())
    const chunk = (name: string, more = {}) => ({ chunk: name, ...more })
    socket.write(pack(['app.a', time, record(1), chunk('c1')]))
    socket.write(
      pack([
        'app.a',
        [
          [time, record(2)],
          [SECONDS, record(3)],
        ],
        chunk('c2', { size: 2 }),
      ]),
    )
    socket.write(pack(['app.a', entries(4, 5), chunk('c3', { size: 2 })]))
    const gzip = Buffer.concat([gzipSync(entries(6)), gzipSync(entries(7))])
    socket.write(pack(['app.a', gzip, chunk('c4', { compressed: 'gzip' })]))
    socket.write(pack(['app.a', zstdCompressSync(entries(8)), chunk('c5', { compressed: 'zstd' })]))
    await eventually(() => received().length === 5 * 8)
    expect(acksIn(received())).toEqual(['c1', 'c2', 'c3', 'c4', 'c5'])
    await eventually(() => messages().length === 8)
    expect(messages().sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `m${n}`))
    expect(listeners.data().find(({ message }) => message === 'm1')).toEqual({
      timestamp: '2026-11-29T12:00:00.123456789Z',
      level: 'warn',
      service: 'shop',
      message: 'm1',
      attributes: { tag: 'app.a', order: 1 },
    })
    expect(listeners.data().find(({ message }) => message === 'm3')).toMatchObject({
      timestamp: '2026-11-29T12:00:00Z',
    })
    socket.destroy()
  })

  it('takes messages wherever what comes is split', async () => {
    const { socket, received } = await dial(await start())
    const bytes = pack([
      't',
      [[time, { message: 'näher 😀', deep: { list: [1, 'two', null, [3]] } }]],
      { chunk: 'c1' },
    ])
    for (const byte of bytes) socket.write(Buffer.from([byte]))
    await eventually(() => received().length > 0)
    for (let at = 1; at < bytes.length; at += 7) {
      socket.write(bytes.subarray(0, at))
      await new Promise((resolve) => setImmediate(resolve))
      socket.write(bytes.subarray(at))
    }
    await eventually(() => acksIn(received()).length === 1 + Math.ceil((bytes.length - 1) / 7))
    expect(listeners.data()[0]).toMatchObject({
      message: 'näher 😀',
      attributes: { deep: { list: [1, 'two', null, [3]] } },
    })
    socket.destroy()
  })

  it('stores a chunk that is sent again under the same keys', async () => {
    const port = await start()
    const bytes = pack(['t', entries(1, 1, 2), { chunk: 'again' }])
    for (let times = 0; times < 2; times++) {
      const { socket, received } = await dial(port)
      socket.write(bytes)
      await eventually(() => received().length > 0)
      socket.destroy()
    }
    await eventually(() => listeners.stored().length === 6)
    const identity = ({ key, item }: { key?: string | undefined; item?: unknown }) =>
      JSON.stringify([key, item])
    const [first, second] = [listeners.stored().slice(0, 3), listeners.stored().slice(3)]
    expect(second.map(identity)).toEqual(first.map(identity))
    expect(new Set(first.map(identity)).size).toBe(3)
  })

  it('has its keys in a namespace of its own where keys have owners', async () => {
    const { socket } = await dial(await start({ AUTH: 'keys', IDENTITY_SECRET: 'x'.repeat(32) }))
    socket.write(pack(['t', entries(1), { chunk: 'c' }]))
    await eventually(() => listeners.stored().length === 1)
    expect(listeners.stored()[0]!.key).toMatch(/^~listeners~fluent:/)
    socket.destroy()
  })

  it('keeps what MessagePack has and JSON has not', async () => {
    const { socket } = await dial(await start())
    const values = {
      big: 9007199254740993n,
      bytes: new Uint8Array([1, 2, 255]),
      nan: NaN,
      when: time,
      log: 'line',
      timestamp: 'own',
      eventId: 'theirs',
    }
    socket.write(pack(['app.tag', SECONDS, values]))
    socket.write(pack(['app.tag', [[[time, { host: 'a' }], { log: 'two' }]]]))
    await eventually(() => listeners.stored().length === 2)
    // They may travel in two envelopes.
    const [two, one] = ['two', 'line'].map((log) =>
      listeners.stored().find(({ data }) => (data as { log?: string }).log === log)!,
    )
    expect(one!.data).toMatchObject({ service: 'app.tag' })
    const text = JSON.stringify(one!.data)
    expect(text).toContain('9007199254740993')
    expect(JSON.parse(text)).toMatchObject({
      attributes: {
        bytes: 'AQL/',
        nan: 'NaN',
        when: '2026-11-29T12:00:00.123456789Z',
        timestamp: 'own',
        eventId: 'theirs',
      },
    })
    expect(one).not.toHaveProperty('key')
    expect(two!.data).toMatchObject({ log: 'two', attributes: { metadata: { host: 'a' } } })
    socket.destroy()
  })

  it('refuses the records that cannot be kept, stores the others and acknowledges the chunk', async () => {
    const { socket, received } = await dial(await start())
    const badText = Buffer.concat([pack([time, { a: 'x' }]).subarray(0, -1), Buffer.from([0xff])])
    const parts = [
      pack([time, record(1)]),
      badText,
      pack([time, { message: 'nul \0' }]),
      pack([time, 'no map']),
      pack([time]),
      pack([time, { deep: JSON.parse('['.repeat(90) + ']'.repeat(90)) as unknown }]),
      Buffer.concat([pack([time, { a: 1 }]).subarray(0, -1), Buffer.alloc(20_000, 0x91), pack(1)]),
      pack([time, record(2)]),
      Buffer.from([0x92, 0x01]),
    ]
    socket.write(pack(['t', Buffer.concat(parts), { chunk: 'c' }]))
    await eventually(() => received().length > 0)
    expect(messages().sort()).toEqual(['m1', 'm2'])
    expect(await listeners.count('runnel_listener_dropped_total', { listener: 'fluent-tcp' })).toBe(7)
    expect(await listeners.count('runnel_listener_dropped_total', { reason: 'too_deep' })).toBe(2)
    socket.destroy()
  })

  it('acknowledges no chunk of which nothing can be kept', async () => {
    const { socket, received } = await dial(await start({ FLUENT_CHUNK_BYTES: '2000' }))
    socket.write(pack(['t', gzipSync(Buffer.alloc(100_000)), { chunk: 'bomb', compressed: 'gzip' }]))
    socket.write(pack(['t', Buffer.from('no gzip'), { chunk: 'bad', compressed: 'gzip' }]))
    socket.write(pack(['t', Buffer.alloc(10), { chunk: 'x', compressed: 'lzma' }]))
    socket.write(pack(['t', entries(1), { chunk: 'good' }]))
    await eventually(() => received().length > 0)
    expect(acksIn(received())).toEqual(['good'])
    for (const reason of ['body_too_large', 'bad_encoding', 'unsupported_encoding'])
      expect(await listeners.count('runnel_listener_dropped_total', { reason })).toBe(1)
    socket.destroy()
  })

  it('does not decode a record with more bytes than any event may have', async () => {
    const { socket, received } = await dial(await start())
    // As JSON it would be small enough: each of the numbers takes nine bytes.
    const numbers = (count: number) => Array<bigint>(count).fill(0n)
    const packed = [100_000, 130_000].map((count) =>
      pack([time, { message: `m${count}`, numbers: numbers(count) }]),
    )
    socket.write(pack(['t', Buffer.concat([...packed, pack([time, record(1)])]), { chunk: 'c' }]))
    await eventually(() => received().length > 0)
    expect(messages().sort()).toEqual(['m1', 'm100000'])
    expect(await listeners.count('runnel_listener_dropped_total', { reason: 'body_too_large' })).toBe(1)
    socket.destroy()
  })

  it('refuses a chunk whose tag would make many times as much of it', async () => {
    const { socket, received } = await dial(await start())
    const small = Buffer.concat(Array<Buffer>(65_000).fill(pack([time, { a: 1 }])))
    socket.write(pack(['ä'.repeat(257), entries(1), { chunk: 'long' }]))
    socket.write(pack(['x'.repeat(512), small, { chunk: 'many' }]))
    socket.write(pack(['ä'.repeat(256), entries(1), { chunk: 'good' }]))
    await eventually(() => received().length > 0)
    expect(acksIn(received())).toEqual(['good'])
    for (const reason of ['text_too_long', 'body_too_large'])
      expect(await listeners.count('runnel_listener_dropped_total', { reason })).toBe(1)
    expect(messages()).toEqual(['m1'])
    socket.destroy()
  })

  it.each<[string, Buffer, string]>([
    ['no MessagePack', Buffer.from([0xc1]), 'malformed'],
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'malformed'],
    ['no message', pack({ a: 1 }), 'malformed'],
    ['too many values', pack(['PING', 'host', 'salt', 'digest', '', '']), 'malformed'],
    ['too deep', Buffer.alloc(500, 0x91), 'malformed'],
    ['too large', Buffer.from([0x92, 0xa1, 0x74, 0xc6, 0x7f, 0xff, 0xff, 0xff]), 'body_too_large'],
  ])('closes a connection that sends %s, after what came before', async (_, bytes, reason) => {
    const { socket, received, closed } = await dial(await start())
    socket.write(Buffer.concat([pack(['t', entries(1), { chunk: 'c' }]), bytes]))
    await closed
    expect(acksIn(received())).toEqual(['c'])
    expect(await listeners.count('runnel_listener_refused_total', { reason })).toBe(1)
  })
})

describe('with FLUENT_SHARED_KEY', () => {
  const KEY = 'a shared key'
  const digest = (...parts: (string | Uint8Array)[]) =>
    parts.reduce((hash, part) => hash.update(part), createHash('sha512')).digest('hex')
  const hello = async (port: number) => {
    const connection = await dial(port)
    await eventually(() => connection.received().length > 0)
    const helo = decode(connection.received()) as [string, { nonce: Uint8Array; keepalive: boolean }]
    expect(helo).toEqual(['HELO', { nonce: expect.any(Uint8Array), auth: '', keepalive: true }])
    return { ...connection, nonce: helo[1].nonce, heloBytes: connection.received().length }
  }

  it('a sender proves that it has the key, and is proved that Runnel has it', async () => {
    const { socket, received, nonce, heloBytes } = await hello(await start({ FLUENT_SHARED_KEY: KEY }))
    const salt = randomBytes(16)
    socket.write(pack(['PING', 'web-1', salt, digest(salt, 'web-1', nonce, KEY), '', '']))
    socket.write(pack(['t', entries(1), { chunk: 'c' }]))
    await eventually(() => messages().length === 1)
    await eventually(() => received().length > heloBytes + 150)
    const pong = received().subarray(heloBytes)
    const [name, isRight, reason, host, proof] = decodeFirst(pong) as [
      string,
      boolean,
      string,
      string,
      string,
    ]
    expect([name, isRight, reason, proof]).toEqual(['PONG', true, '', digest(salt, host, nonce, KEY)])
    socket.destroy()
  })

  it.each<[string, (nonce: Uint8Array) => Buffer]>([
    [
      'with a wrong key',
      (nonce) => pack(['PING', 'h', 'salt', digest('salt', 'h', nonce, 'another key'), '', '']),
    ],
    ['without a proof', () => pack(['t', entries(1)])],
    ['with something else', () => pack(['PING', 1, 2, 3, '', ''])],
    ['with very much', () => Buffer.from([0xdb, 0x00, 0xff, 0xff, 0xff])],
  ])('a sender %s is not let in', async (_, first) => {
    const { socket, closed, nonce } = await hello(await start({ FLUENT_SHARED_KEY: KEY }))
    socket.write(first(nonce))
    socket.write(pack(['t', entries(1), { chunk: 'c' }]))
    await closed
    expect(await listeners.count('runnel_listener_refused_total')).toBe(1)
    expect(messages()).toEqual([])
  })

  it('a stranger that says nothing is closed soon', async () => {
    const port = await start({ FLUENT_SHARED_KEY: KEY, LISTENER_FRAME_MS: '100' })
    const { closed } = await hello(port)
    await closed
    expect(await listeners.count('runnel_listener_refused_total', { reason: 'too_slow' })).toBe(1)
  })

  /** Of several values one behind the other. */
  function decodeFirst(bytes: Buffer): unknown {
    for (let end = 1; end <= bytes.length; end++) {
      try {
        return decode(bytes.subarray(0, end))
      } catch {
        // More is needed.
      }
    }
    throw new Error('there is no value')
  }
})
