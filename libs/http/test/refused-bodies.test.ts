import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually, runIf } from '@runnel/testing'
import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { listen, startServer, type TestServer } from './server.ts'

/** More than sockets buffer, and less than what is drained. */
const LARGE_BYTES = 8 * 1024 ** 2
const TIMES = 3
/** More than a busy machine takes to send it. */
const DRAIN_MS = 60_000

let server: TestServer
let port: number
beforeAll(async () => {
  server = await startServer({}, { drainTimeoutMs: DRAIN_MS })
  port = await listen(server.app)
})
afterAll(() => server[Symbol.asyncDispose]())

/** Requests that are refused by their heads, before their bodies. */
const REFUSED = [
  ['POST', '/things', 413, {}],
  ['POST', '/nowhere', 404, {}],
  ['PUT', '/things/1', 405, {}],
  ['POST', '/things', 403, { origin: 'http://evil.example' }],
  ['POST', '/things', 421, { host: 'evil.example' }],
  ['POST', '/things', 415, { 'content-type': 'image/png' }],
  ['DELETE', '/refuse', 429, {}],
] as const

const HAS_PYTHON = (() => {
  try {
    execFileSync('python3', ['-c', 'import http.client, urllib.request'])
    return true
  } catch {
    return false
  }
})()

const PYTHON = `
import http.client, json, sys, urllib.request, urllib.error
method, port, path, headers, size, how = sys.argv[1], int(sys.argv[2]), sys.argv[3], json.loads(sys.argv[4]), int(sys.argv[5]), sys.argv[6]
headers = {'content-type': 'application/json', **headers}
body = b'x' * size
for _ in range(${TIMES}):
    if how == 'urllib':
        request = urllib.request.Request('http://127.0.0.1:%d%s' % (port, path), data=body, headers=headers, method=method)
        try:
            print(urllib.request.urlopen(request).status)
        except urllib.error.HTTPError as error:
            print(error.code, json.load(error)['status'])
    else:
        connection = http.client.HTTPConnection('127.0.0.1', port)
        chunked = how == 'chunked'
        connection.request(method, path, iter([body[:65536]] * (size // 65536)) if chunked else body, headers, encode_chunked=chunked)
        response = connection.getresponse()
        print(response.status, json.loads(response.read())['status'])
`

const runPython = async (...values: unknown[]) =>
  (await promisify(execFile)('python3', ['-c', PYTHON, ...values.map(String)])).stdout.trim().split('\n')

describe.each(REFUSED)('%s %s with a large body, refused with %d', (method, path, status, headers) => {
  runIf(
    HAS_PYTHON,
    it,
    'python3 is not installed',
  )('is answered to every client of Python', async () => {
    for (const how of ['urllib', 'http.client', 'chunked']) {
      const lines = await runPython(method, port, path, JSON.stringify(headers), LARGE_BYTES, how)
      expect([how, lines]).toEqual([how, Array.from({ length: TIMES }, () => `${status} ${status}`)])
    }
  })

  it('is answered to fetch, over connections that it keeps', async () => {
    if ('host' in headers) return
    for (let i = 0; i < TIMES; i++) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: new Uint8Array(LARGE_BYTES),
      })
      expect([response.status, ((await response.json()) as { status: number }).status]).toEqual([
        status,
        status,
      ])
    }
  })
})

/** Opens a connection and collects what comes. */
function open(allowHalfOpen = false, at = port) {
  const socket = connect({ port: at, host: '127.0.0.1', allowHalfOpen })
  const seen = { text: '', error: undefined as Error | undefined, ended: false, closed: false }
  socket.setEncoding('latin1')
  socket.on('data', (part) => (seen.text += String(part)))
  socket.on('end', () => (seen.ended = true))
  socket.on('close', () => (seen.closed = true))
  socket.on('error', (error) => (seen.error = error))
  return { socket, seen }
}

const head = (lines: string[]) => [...lines, 'Host: localhost', '', ''].join('\r\n')
const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))

/** Also where the other side closed it, with or without an error. */
const drained = (socket: Socket) =>
  new Promise<unknown>((resolve) => socket.once('drain', resolve).once('close', resolve))

async function writeUntilClosed(socket: Socket, chunk: Buffer): Promise<number> {
  let written = 0
  while (!socket.destroyed && written < 64 * 1024 ** 2) {
    written += chunk.length
    if (!socket.write(chunk)) await drained(socket)
  }
  return written
}

describe('the rest of a refused body', () => {
  it('is read no further than twice the limit of the route allows, or the least that is always read', async () => {
    const { socket, seen } = open()
    socket.write(head(['POST /nowhere HTTP/1.1', 'Connection: close', 'Transfer-Encoding: chunked']))
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536), Buffer.from('\r\n')])
    await writeUntilClosed(socket, chunk)
    await eventually(() => seen.closed)
    expect(socket.bytesWritten).toBeLessThan(40 * 1024 ** 2)
  })

  it('of a connection that lives on has the same bound', async () => {
    const { socket, seen } = open()
    socket.write(head(['POST /nowhere HTTP/1.1', 'Content-Length: 99999999']))
    await eventually(() => statuses(seen.text).includes(404))
    await writeUntilClosed(socket, Buffer.alloc(65_536))
    await eventually(() => seen.closed)
  })

  it('leaves a connection that lives on ready for the next request', async () => {
    const { socket, seen } = open()
    socket.write(head(['POST /nowhere HTTP/1.1', `Content-Length: ${LARGE_BYTES}`]))
    await eventually(() => statuses(seen.text).includes(404))
    socket.write(Buffer.alloc(LARGE_BYTES))
    socket.write(head(['GET /things/7 HTTP/1.1']))
    await eventually(() => seen.text.includes('{"id":7}'))
    socket.write(head(['GET /things/8 HTTP/1.1']))
    await eventually(() => seen.text.includes('{"id":8}'))
    socket.destroy()
  })

  it('is not waited for when the client ends, and a request behind it is not carried out', async () => {
    const { socket, seen } = open()
    socket.write(head(['POST /nowhere HTTP/1.1', 'Connection: close', 'Content-Length: 100000']))
    await eventually(() => seen.ended)
    socket.write(Buffer.alloc(100_000))
    socket.end(head(['GET /things/9 HTTP/1.1']))
    await eventually(() => seen.closed)
    expect([statuses(seen.text), seen.error]).toEqual([[404], undefined])
  })

  it('is waited for on a few connections of one address alone', async () => {
    await using other = await startServer({}, { drainConnectionsPerPeer: 8, drainTimeoutMs: DRAIN_MS })
    const at = await listen(other.app)
    const clients = Array.from({ length: 12 }, () => open(true, at))
    for (const { socket } of clients)
      socket.write(head(['POST /nowhere HTTP/1.1', 'Connection: close', 'Content-Length: 100000']))
    await eventually(() => clients.every(({ seen }) => seen.ended))
    // Those above the limit are closed: what is written to them fails.
    await eventually(() => {
      for (const { socket } of clients) if (!socket.destroyed) socket.write('x')
      return clients.filter(({ socket }) => socket.destroyed).length === 4
    })
    for (const { socket } of clients) socket.destroy()
  })
})

it('charges each client of a trusted proxy with its own connections', async () => {
  const options = { drainConnectionsPerPeer: 2, drainTimeoutMs: 600_000, trustedProxies: ['127.0.0.1'] }
  await using other = await startServer({}, options)
  const proxied = await listen(other.app)
  const send = (client: string) => {
    const { socket, seen } = open(true, proxied)
    const lines = ['Connection: close', 'Content-Length: 100000', `X-Forwarded-For: ${client}`]
    socket.write(head(['POST /nowhere HTTP/1.1', ...lines]))
    return { socket, seen }
  }
  const greedy = Array.from({ length: 4 }, () => send('10.0.0.1'))
  const others = [send('10.0.0.2'), send('10.0.0.2')]
  const all = [...greedy, ...others]
  await eventually(() => all.every(({ seen }) => seen.ended))
  await eventually(() => {
    for (const { socket } of all) if (!socket.destroyed) socket.write('x')
    return greedy.filter(({ socket }) => socket.destroyed).length === 2
  })
  expect(others.map(({ socket }) => socket.destroyed)).toEqual([false, false])
  for (const { socket } of all) socket.destroy()
})

it('ends a connection whose body does not come', async () => {
  await using other = await startServer({}, { drainTimeoutMs: 50 })
  const socket = connect({ port: await listen(other.app), host: '127.0.0.1', allowHalfOpen: true }).resume()
  const closed = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve))
  socket.write(head(['POST /nowhere HTTP/1.1', 'Connection: close', 'Content-Length: 100000']))
  await once(socket, 'end')
  await eventually(async () => (await connectionsOf(other)) === 0)
  socket.destroy()
  await closed
})

function connectionsOf({ app }: TestServer): Promise<number> {
  return new Promise((resolve) => app.server.getConnections((_, count) => resolve(count)))
}

describe('Expect: 100-continue', () => {
  const expecting = (line: string, length: number, type = 'application/json') =>
    head([`${line} HTTP/1.1`, 'Expect: 100-continue', `Content-Type: ${type}`, `Content-Length: ${length}`])

  it('gets 100 where the body is wanted', async () => {
    const { socket, seen } = open()
    socket.write(expecting('POST /things', 11))
    await eventually(() => statuses(seen.text).includes(100))
    socket.write('{"count":1}')
    await eventually(() => seen.text.includes('{"count":1}'))
    expect(statuses(seen.text)).toEqual([100, 200])
    socket.write(head(['GET /things/7 HTTP/1.1']))
    await eventually(() => seen.text.includes('{"id":7}'))
    socket.destroy()
  })

  it.each([
    ['POST /things', 99_999, 'application/json', 413],
    ['POST /nowhere', 10, 'application/json', 404],
    ['POST /things', 10, 'image/png', 415],
    ['PUT /things/1', 10, 'application/json', 405],
  ])(
    'of %s with %d bytes of %s gets %d alone, and the connection ends',
    async (line, length, type, status) => {
      const { socket, seen } = open()
      socket.write(expecting(line, length, type))
      await eventually(() => seen.ended)
      expect(statuses(seen.text)).toEqual([status])
      expect(seen.text).toMatch(/connection: close/i)
      socket.destroy()
    },
  )

  it('of another kind is refused with a problem', async () => {
    const { socket, seen } = open()
    socket.write(head(['POST /things HTTP/1.1', 'Expect: miracles', 'Content-Length: 2']))
    await eventually(() => seen.ended)
    expect(statuses(seen.text)).toEqual([417])
    expect(seen.text).toContain('"status":417')
    socket.destroy()
  })
})

describe('garbage behind good requests of one pipeline', () => {
  it.each([
    ['one', 1],
    ['three', 3],
  ])('is answered after the answers to %s', async (_, count) => {
    const { socket, seen } = open()
    const good = Array.from({ length: count }, (_, i) => head([`GET /slow/${i + 1} HTTP/1.1`]))
    socket.write(`${good.join('')}\0garbage\r\n\r\n`)
    await eventually(() => seen.ended)
    expect(statuses(seen.text)).toEqual([...good.map(() => 200), 400])
    expect(seen.error).toBeUndefined()
    socket.destroy()
  })

  it('in the body of the second is answered in its place', async () => {
    const { socket, seen } = open()
    const second = ['POST /things HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked']
    socket.write(`${head(['GET /slow/1 HTTP/1.1'])}${head(second)}zz\r\n`)
    await eventually(() => seen.ended)
    expect(statuses(seen.text)).toEqual([200, 400])
    socket.destroy()
  })

  it('comes with its answer when it comes later', async () => {
    const { socket, seen } = open()
    socket.write(head(['GET /things/7 HTTP/1.1']))
    await eventually(() => seen.text.includes('{"id":7}'))
    socket.write('garbage\r\n\r\n')
    await eventually(() => seen.ended)
    expect(statuses(seen.text)).toEqual([200, 400])
    socket.destroy()
  })
})
