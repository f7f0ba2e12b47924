import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { listen, sendBytes, startServer, type TestServer } from './server.ts'

let server: TestServer
let port: number

beforeAll(async () => {
  server = await startServer()
  port = await listen(server.app)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

it.each([
  ['no HTTP at all', 'hello\r\n\r\n', 400],
  ['bytes of TLS', Uint8Array.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]), 400],
  ['an unknown method', 'BREW /things HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['a NUL in a header', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n', 400],
  [
    'two lengths',
    'POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na',
    400,
  ],
  ['a negative length', 'POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n', 400],
  [
    'length and chunks together',
    'POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['20 KB of headers', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
])('answers %s with a problem, and closes', async (_, bytes, status) => {
  const answer = await sendBytes(port, bytes)
  expect(answer.status).toBe(status)
  expect(answer.headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    connection: 'close',
    'content-length': String(Buffer.byteLength(answer.body)),
  })
  expect(JSON.parse(answer.body)).toMatchObject({ type: 'about:blank', status, code: 'bad_request' })
})

it('refuses a malformed chunk after good ones', async () => {
  const head =
    'POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
  const answer = await sendBytes(port, `${head}2\r\n{"\r\nzz\r\n`)
  expect(answer.status).toBe(400)
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
})

it('lives on after clients that leave in the middle of a request', async () => {
  const { connect } = await import('node:net')
  for (let i = 0; i < 20; i++) {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => undefined)
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.write(
      'POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{',
    )
    socket.resetAndDestroy()
  }
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`)
  expect(answer.status).toBe(200)
})
