import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { CutAtByte } from '../../src/listeners/cut-at-byte.ts'
import type { ListenerKind } from '../../src/listeners/default-listeners.ts'
import type { Frame } from '../../src/listeners/frame.ts'
import { FrameSession } from '../../src/listeners/frame-session.ts'
import type { Item } from '../../src/listeners/items.ts'
import type { StreamProtocol, StreamSession } from '../../src/listeners/listener.ts'
import { gelfDatagrams } from '../../src/listeners/gelf/gelf-protocol.ts'
import { createTestLimits } from './test-limits.ts'
import { dial, startListeners, type RunningListeners } from './start-listeners.ts'

let listeners: RunningListeners | undefined

afterEach(async () => {
  await listeners?.[Symbol.asyncDispose]()
  listeners = undefined
})

/** Where syslog is taken as a rule. */
const startStream = async (protocol: StreamProtocol): Promise<number> => {
  const kind: ListenerKind = { name: 'broken', protocol: { transport: 'stream', create: () => protocol } }
  listeners = await startListeners({ env: { SYSLOG_TCP_PORT: '0' }, kinds: { syslogTcp: kind } })
  return listeners.portOf('broken')
}

const messages = () => listeners!.data().map(({ message }) => message)
const dropped = () => listeners!.count('runnel_listener_dropped_total', { reason: 'internal' })
const refused = () => listeners!.count('runnel_listener_refused_total', { reason: 'internal' })

function decodeUnlessBad(frame: Frame): readonly Item[] {
  const message = String(frame)
  if (message.startsWith('bad')) throw new Error('a defect')
  return [{ kind: 'logs', text: JSON.stringify({ level: 'info', service: 's', message }) }]
}

const lines: StreamProtocol = {
  open: (_peer, { frameBytes }, report) =>
    new FrameSession(new CutAtByte(0x0a, frameBytes), decodeUnlessBad, report),
}

/** A session of lines, but for some of its members. */
const linesBut = (broken: Partial<StreamSession>): StreamProtocol => ({
  open: (...args) => Object.assign(lines.open(...args), broken),
})

const fail = () => {
  throw new Error('a defect')
}

describe('a defect', () => {
  it('in admission costs what was sent together with it, all of which is counted', async () => {
    listeners = await startListeners({ env: { SYSLOG_TCP_PORT: '0' }, nextId: fail })
    const { socket } = await dial(listeners.portOf('syslog-tcp'))
    socket.write(Buffer.concat([Buffer.from('<13>h a: good\n<13>'), Buffer.from([0xff]), Buffer.from('\n')]))
    await eventually(async () => (await dropped()) === 1)
    expect(await listeners!.count('runnel_listener_dropped_total', { reason: 'bad_encoding' })).toBe(1)
    expect(await listeners!.count('runnel_ingest_events_total', { outcome: 'rejected' })).toBe(2)
    socket.destroy()
  })

  it('in a message that was compressed is not taken for damage', () => {
    let looks = 0
    const limits = createTestLimits()
    const session = gelfDatagrams.open(
      {
        ...limits,
        // Once for inflating it.
        get frameBytes() {
          return ++looks > 1 ? fail() : limits.frameBytes
        },
      },
      fail,
    )
    expect(() => session.read(gzipSync('{"short_message":"m"}'), { address: '127.0.0.1' })).toThrow(
      'a defect',
    )
    session.close?.()
  })

  it('in a message costs that message alone, also where it is the last one', async () => {
    const { socket, closed } = await dial(await startStream(lines))
    socket.end('one\nbad\ntwo\nbad')
    await closed
    await eventually(() => messages().length === 2)
    expect(messages().sort()).toEqual(['one', 'two'])
    expect(await dropped()).toBe(2)
  })

  it('at the end of a connection costs that connection alone', async () => {
    const port = await startStream(linesBut({ end: fail }))
    const { socket, closed } = await dial(port)
    socket.end('one\n')
    await closed
    expect(await refused()).toBe(1)
    const other = await dial(port)
    other.socket.write('two\n')
    await eventually(() => messages().length === 2)
    other.socket.destroy()
  })

  it('in what a connection begins with costs that connection alone', async () => {
    const { closed } = await dial(await startStream({ open: fail }))
    await closed
    expect(await refused()).toBe(1)
  })

  it('in decoding what was taken costs it alone, and it is not acknowledged', async () => {
    const port = await startStream({
      open: (...args) => ({
        heldBytes: 0,
        incompleteFrame: undefined,
        end: () => undefined,
        read: (bytes, take) => {
          take({ bytes: 100, decode: fail, acknowledgement: Buffer.from('never') })
          lines.open(...args).read(bytes, (received) => take({ ...received, acknowledgement: bytes }))
        },
      }),
    })
    const { socket, received } = await dial(port)
    socket.write('one\n')
    await eventually(() => received().length > 0)
    expect(received().toString()).toBe('one\n')
    expect(await dropped()).toBe(1)
    await eventually(async () => (await listeners!.count('runnel_listener_waiting_bytes')) === 0)
    socket.destroy()
  })
})

it('a port for datagrams that is taken opens nothing that would have to be closed', async () => {
  const taken = createSocket('udp4').bind({ address: '127.0.0.1', port: 0 })
  await once(taken, 'listening')
  let opened = 0
  const create = () => ({ open: () => ({ read: () => [], opened: opened++ }) })
  const kind: ListenerKind = { name: 'broken', protocol: { transport: 'datagrams', create } }
  const env = { SYSLOG_UDP_PORT: String(taken.address().port) }
  await expect(startListeners({ env, kinds: { syslogUdp: kind } })).rejects.toThrow(/is taken/)
  expect(opened).toBe(0)
  taken.close()
})
