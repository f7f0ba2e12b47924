import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { randomBytes } from 'node:crypto'
import { deflateSync, gzipSync } from 'node:zlib'
import { dial, sendDatagrams, startListeners, type RunningListeners } from './start-listeners.ts'

let listeners: RunningListeners

const start = async (env: Record<string, string> = {}) => {
  listeners = await startListeners({ env: { GELF_TCP_PORT: '0', GELF_UDP_PORT: '0', ...env } })
  return listeners.portOf
}

afterEach(() => listeners[Symbol.asyncDispose]())

const message = (text: string, more: object = {}) =>
  JSON.stringify({ version: '1.1', host: 'web-1', short_message: text, level: 4, _order: 17, ...more })
const messages = () => listeners.data().map(({ message: text }) => text)
const dropped = (reason: string) => listeners.count('runnel_listener_dropped_total', { reason })

/** As clients cut a message: magic, id, number, count, a part. */
function chunks(bytes: Buffer, size: number, id = randomBytes(8)): Buffer[] {
  const count = Math.ceil(bytes.length / size)
  return Array.from({ length: count }, (_, n) =>
    Buffer.concat([
      Buffer.from([0x1e, 0x0f]),
      id,
      Buffer.from([n, count]),
      bytes.subarray(n * size, (n + 1) * size),
    ]),
  )
}

describe('GELF over TCP', () => {
  it('takes messages that end with NUL, wherever they are split', async () => {
    const portOf = await start()
    const { socket } = await dial(portOf('gelf-tcp'))
    for (const byte of Buffer.from(`${message('näher 😀')}\0`)) socket.write(Buffer.from([byte]))
    socket.write(`${message('two')}\0\0{"broken"\0${message('three')}\0${message('last')}`)
    socket.end()
    await eventually(() => messages().length === 4)
    expect(messages().sort()).toEqual(['last', 'näher 😀', 'three', 'two'])
    expect(listeners.data().find(({ message: text }) => text === 'two')).toMatchObject({
      level: 'warn',
      service: 'web-1',
      attributes: { order: 17 },
    })
    expect(await dropped('bad_json')).toBe(1)
  })

  it('drops what is nested too deeply, also at the end of a connection', async () => {
    const deep = `{"short_message":"deep","_more":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    const { socket } = await dial((await start())('gelf-tcp'))
    socket.end(`${deep}\0${message('good')}\0${deep}`)
    await eventually(async () => (await dropped('too_deep')) === 2)
    expect(messages()).toEqual(['good'])
  })
})

describe('GELF over UDP', () => {
  it('takes messages as they are, compressed, and in chunks of any order that come more than once', async () => {
    const portOf = await start()
    const large = message('large', {
      _text: 'ä'.repeat(20_000),
      _random: randomBytes(20_000).toString('hex'),
    })
    const parts = chunks(deflateSync(large), 1400)
    expect(parts.length).toBeGreaterThan(10)
    await sendDatagrams(portOf('gelf-udp'), [
      message('plain'),
      gzipSync(message('gzip')),
      deflateSync(message('deflate')),
      ...parts.toReversed().flatMap((part) => [part, part]),
      ...chunks(Buffer.from(message('plain chunks')), 50),
    ])
    await eventually(() => messages().length === 5)
    expect(messages().sort()).toEqual(['deflate', 'gzip', 'large', 'plain', 'plain chunks'])
    const found = listeners.data().find(({ message: text }) => text === 'large') as {
      attributes: { text: string }
    }
    expect(found.attributes.text).toBe('ä'.repeat(20_000))
  })

  it('takes messages that end with NUL here as well, plain or compressed', async () => {
    const portOf = await start()
    const bodies = [Buffer.from(`${message('one')}\0`), deflateSync(Buffer.from(`${message('two')}\0`))]
    await sendDatagrams(portOf('gelf-udp'), [...bodies, Buffer.from('\0')])
    await eventually(() => messages().length === 2)
    expect(messages().sort()).toEqual(['one', 'two'])
    expect(await dropped('bad_json')).toBe(0)
  })

  it('counts what is damaged, and what does not come to its end in time', async () => {
    const portOf = await start({ GELF_CHUNKS_MS: '200' })
    const half = chunks(Buffer.from(message('half')), 50).slice(1)
    await sendDatagrams(portOf('gelf-udp'), [
      ...half,
      Buffer.concat([gzipSync(message('cut')).subarray(0, 40)]),
      Buffer.from([0x1e, 0x0f, 1, 2, 3]),
      Buffer.concat([Buffer.from([0x1e, 0x0f]), randomBytes(8), Buffer.from([5, 5]), Buffer.from('x')]),
      '{}',
      message('good'),
    ])
    await eventually(() => messages().length === 1)
    await eventually(async () => (await dropped('chunks_missing')) === 1)
    expect(await dropped('bad_encoding')).toBe(1)
    expect(await dropped('malformed')).toBe(2)
    await eventually(async () => (await dropped('missing_field')) === 1)
  })

  it('drops the oldest chunks where there is no room for more, and what inflates too far', async () => {
    const portOf = await start({ GELF_CHUNKS_BYTES: String(64 * 1024), LISTENER_FRAME_BYTES: '100000' })
    const first = (bytes: number) => chunks(Buffer.alloc(2 * bytes), bytes)[0]!
    await sendDatagrams(portOf('gelf-udp'), [
      ...Array.from({ length: 4 }, () => first(20_000)),
      gzipSync(Buffer.alloc(200_000)),
      ...chunks(Buffer.from(message('good')), 50),
    ])
    await eventually(() => messages().length === 1)
    expect(await dropped('chunks_no_room')).toBe(2)
    await eventually(async () => (await dropped('body_too_large')) === 1)
  })
})
