import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { PASS, TcpProxy } from './tcp-proxy.ts'

/** Long enough that what would arrive had arrived. */
const SILENCE_MS = 200

/** A reset is an error before it is the end. */
const closing = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve))

describe('a line', () => {
  let echo: Server
  let heard: string
  let proxy: TcpProxy
  let client: Socket
  let answer: string

  beforeEach(async () => {
    heard = answer = ''
    echo = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (data) => {
        heard += data.toString()
        socket.write(data)
      })
    }).listen(0, '127.0.0.1')
    await once(echo, 'listening')
    proxy = await TcpProxy.listen((echo.address() as AddressInfo).port)
    client = await connect()
  })
  afterEach(async () => {
    client.destroy()
    await proxy.close()
    echo.close()
  })

  async function connect(): Promise<Socket> {
    const socket = createConnection(proxy.port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.on('data', (data) => (answer += data.toString()))
    await once(socket, 'connect')
    return socket
  }

  const until = async (condition: () => boolean) => {
    while (!condition()) await sleep(5)
  }

  it('carries both ways what it is not withLog to trouble', async () => {
    client.write('hello')
    await until(() => answer === 'hello')
    expect(heard).toBe('hello')
  })

  it('delays each piece, and keeps their order', async () => {
    proxy.set({ type: 'latency', ms: 60 })
    const from = performance.now()
    client.write('one ')
    await sleep(5)
    client.write('two')
    await until(() => answer === 'one two')
    // Timers may be a millisecond early; there and back.
    expect(performance.now() - from).toBeGreaterThan(115)
  })

  it('breaks the connections that there are, and takes new ones', async () => {
    const closed = closing(client)
    proxy.cut()
    await closed
    const again = await connect()
    again.write('again')
    await until(() => answer === 'again')
    again.destroy()
  })

  it('swallows everything while it is half open, and then breaks what has a hole', async () => {
    proxy.set({ type: 'half-open' })
    client.write('lost')
    await sleep(SILENCE_MS)
    expect({ heard, answer }).toEqual({ heard: '', answer: '' })
    const closed = closing(client)
    proxy.set(PASS)
    await closed
  })

  it('forgets the connections that there are, without a word to either end, and takes new ones', async () => {
    client.write('before')
    await until(() => answer === 'before')
    proxy.forget()
    client.write('lost')
    const again = await connect()
    again.write(' after')
    await until(() => answer === 'before after')
    expect([heard, client.destroyed]).toEqual(['before after', false])
    again.destroy()
  })

  it('delivers requests and swallows answers, and then breaks what has a hole', async () => {
    proxy.set({ type: 'drop-replies' })
    client.write('done')
    await until(() => heard === 'done')
    await sleep(SILENCE_MS)
    expect(answer).toBe('')
    const closed = closing(client)
    proxy.set(PASS)
    await closed
  })

  it('carries no more bytes a second than it is withLog', async () => {
    proxy.set({ type: 'bandwidth', bytesPerSecond: 100_000 })
    const from = performance.now()
    client.write('x'.repeat(20_000))
    await until(() => answer.length === 20_000)
    expect(performance.now() - from).toBeGreaterThan(190)
  })

  it('breaks a connection whose server is not there', async () => {
    echo.close()
    client.destroy()
    proxy.cut()
    await once(echo, 'close')
    const alone = createConnection(proxy.port, '127.0.0.1')
    alone.on('error', () => undefined)
    await closing(alone)
  })
})
