import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { dial, sendDatagrams, startListeners, type RunningListeners } from './start-listeners.ts'

let listeners: RunningListeners

afterEach(() => listeners[Symbol.asyncDispose]())

const values = () =>
  listeners
    .stored()
    .filter(({ kind }) => kind === 'metrics')
    .map(({ data }) => (data as unknown as { data: { name: string; value: number } }).data)
    .map(({ name, value }) => `${name}=${value}`)

describe('statsd', () => {
  it('takes several lines from a datagram, and from a connection wherever they are split', async () => {
    listeners = await startListeners({ env: { STATSD_TCP_PORT: '0', STATSD_UDP_PORT: '0' } })
    await sendDatagrams(listeners.portOf('statsd-udp'), ['a:1|c\nb:2|g\n', 'c:3|ms\nbroken\n_e{1,1}:t|x'])
    await eventually(() => listeners.stored().length === 4)
    const { socket } = await dial(listeners.portOf('statsd-tcp'))
    for (const byte of Buffer.from('d:4|c|#a:b\ne:5:6|d\n')) socket.write(Buffer.from([byte]))
    socket.end('f:7|g')
    await eventually(() => listeners.stored().length === 8)
    expect(values().sort()).toEqual(['a=1', 'b=2', 'c=3', 'd=4', 'e=5', 'e=6', 'f=7'])
    expect(listeners.stored().find(({ kind }) => kind === 'logs')?.data).toMatchObject({ message: 't' })
    const labels = { listener: 'statsd-udp', reason: 'invalid_field' }
    expect(await listeners.count('runnel_listener_dropped_total', labels)).toBe(1)
    expect(
      await listeners.count('runnel_ingest_events_total', { kind: 'metrics', outcome: 'rejected' }),
    ).toBe(1)
  })
})
