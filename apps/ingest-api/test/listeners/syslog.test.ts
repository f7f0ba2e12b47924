import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { dial, sendDatagrams, startListeners, type RunningListeners } from './start-listeners.ts'

let listeners: RunningListeners

beforeEach(async () => {
  listeners = await startListeners({
    env: { SYSLOG_TCP_PORT: '0', SYSLOG_UDP_PORT: '0', LISTENER_FRAME_BYTES: '2000' },
  })
})

afterEach(() => listeners[Symbol.asyncDispose]())

const messages = () => listeners.data().map(({ message }) => message)

describe('syslog over TCP', () => {
  it('takes both ways to end a message, and the last one without an end', async () => {
    const { socket, closed } = await dial(listeners.portOf('syslog-tcp'))
    socket.end('<13>1 - h a - - - one\n16 <13>h a: with\nLF\n<13>last')
    await closed
    await eventually(() => messages().length === 3)
    expect(messages().sort()).toEqual(['h a: with\nLF', 'last', 'one'])
    const events = () =>
      listeners.count('runnel_ingest_format_events_total', { format: 'syslog-tcp', outcome: 'accepted' })
    await eventually(async () => (await events()) === 3)
    await eventually(async () => (await listeners.count('runnel_listener_connections')) === 0)
  })

  it('takes a message that comes byte by byte', async () => {
    const { socket } = await dial(listeners.portOf('syslog-tcp'))
    for (const byte of Buffer.from('<13>1 - h a - - - näher 😀\n')) socket.write(Buffer.from([byte]))
    await eventually(() => messages().length === 1)
    expect(listeners.data()[0]).toMatchObject({ message: 'näher 😀', level: 'info', service: 'a' })
    socket.destroy()
  })

  it('refuses what is damaged or too large, and counts it: its neighbours are stored', async () => {
    const { socket } = await dial(listeners.portOf('syslog-tcp'))
    socket.write('<13>first\n')
    socket.write(Buffer.from([0x3c, 0x31, 0x33, 0x3e, 0xff, 0x0a]))
    socket.write(`<13>${'x'.repeat(2500)}\n14 <13>nul\0inside`)
    socket.end('<13>last\n')
    await eventually(() => messages().length === 2)
    expect(messages().sort()).toEqual(['first', 'last'])
    const dropped = (reason: string) =>
      listeners.count('runnel_listener_dropped_total', { listener: 'syslog-tcp', reason })
    await eventually(async () => (await dropped('nul_character')) === 1)
    expect(await dropped('bad_encoding')).toBe(1)
    expect(await dropped('body_too_large')).toBe(1)
    expect(await listeners.count('runnel_ingest_events_total', { kind: 'logs', outcome: 'rejected' })).toBe(3)
    expect(listeners.note()).toMatch(/syslog-tcp 3/)
  })
})

describe('syslog over UDP', () => {
  it('takes a message from each datagram', async () => {
    const port = listeners.portOf('syslog-udp')
    await sendDatagrams(port, [
      '<158>1 - web-1 shop 7 ID - hello',
      '<13>Nov 30 10:00:00 web-1 cron[1]: old\n',
      '',
    ])
    await eventually(() => messages().length === 2)
    expect(listeners.data()).toMatchObject([
      { message: 'hello', service: 'shop', attributes: { facility: 19, procid: '7', msgid: 'ID' } },
      { message: 'old', service: 'cron', attributes: { hostname: 'web-1' } },
    ])
  })
})
