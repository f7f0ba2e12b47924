import { describe, expect, it } from '@jest/globals'
import type { Logger } from '@runnel/observability'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { eventually, freePort } from '@runnel/testing'
import { createUndiciGateway, type GatewayOptions } from '../src/sending/channels/gateway/undici-gateway.ts'
import { httpAnswer, startTcpGateway, YES, type TcpBehaviour, type TcpGateway } from './tcp-gateway.ts'

const TOKEN = 's3cret/"token"'
const CONTEXT = { mailingId: 7, clientId: 9 }
const START_MS = Date.parse('2026-03-01T12:00:00Z')
const silent = { isLevelEnabled: () => false } as unknown as Logger

const RULES = { maxAnswerBytes: 100_000, success: 'code' as const, transientCodes: [] }

const request = (id = 1) => ({ id, phone: 79161234567, text: 'hello' })

function connect(url: string, options: Partial<GatewayOptions> = {}, log = silent) {
  const defaults = { token: TOKEN, timeoutMs: 5000, connectTimeoutMs: 1000, connections: 4, ...RULES }
  const clock = { nowMs: () => START_MS }
  const gateway = createUndiciGateway({ url, ...defaults, ...options }, { clock, log })
  return { ...gateway, [Symbol.asyncDispose]: () => gateway.close() }
}

/** One attempt against a server that behaves like this, and how often the server saw the request. */
async function attempt(behaviour: TcpBehaviour, options?: Partial<GatewayOptions>) {
  await using server = await startTcpGateway(behaviour)
  await using gateway = connect(server.url, options)
  const result = await gateway.send(request(), CONTEXT)
  return { ...result, seen: server.requests.length }
}

async function closeBoth(server: TcpGateway, gateway: { close(): Promise<void> }): Promise<void> {
  await gateway.close()
  await server[Symbol.asyncDispose]()
}

/**
 * Like {@link attempt}, but on a connection that is open already: a short time for an attempt goes to the answer alone. The
 * server answers request 1 by itself.
 */
async function connected(
  behaviour: TcpBehaviour,
  options: Partial<GatewayOptions>,
): Promise<{ server: TcpGateway; gateway: ReturnType<typeof connect> }> {
  const server = await startTcpGateway({
    onRequest: (socket, text) => {
      if (text.includes('/send/1 ')) socket.write(httpAnswer(200, YES))
      else behaviour.onRequest?.(socket, text)
    },
  })
  const gateway = connect(server.url, { connections: 1, ...options })
  await eventually(async () => (await gateway.send(request(1), CONTEXT)).outcome === 'accepted')
  return { server, gateway }
}

const answeringBytes = (body: Buffer, headers: Record<string, string>) =>
  attempt({
    onRequest: (socket) => {
      const [head] = httpAnswer(200, '', { ...headers, 'content-length': String(body.length) }).split(
        '\r\n\r\n',
      )
      socket.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]))
    },
  })

const answering = (bytes: string) => attempt({ onRequest: (socket) => socket.write(bytes) })

describe('a request', () => {
  it('carries the query of the address with every message', async () => {
    await using server = await startTcpGateway({ onRequest: (socket) => socket.write(httpAnswer(200, YES)) })
    await using gateway = connect(`${server.url}/sms?route=eu&key=1`)
    await gateway.send(request(42), CONTEXT)
    expect(server.requests[0]).toMatch(/^POST \/sms\/v1\/send\/42\?route=eu&key=1 HTTP/)
  })

  it('goes to the path of its message below the base, with the token and its content type', async () => {
    await using server = await startTcpGateway({ onRequest: (socket) => socket.write(httpAnswer(200, YES)) })
    await using gateway = connect(`${server.url}/sms/`)
    const result = await gateway.send(request(42), CONTEXT)
    expect(result).toEqual({
      outcome: 'accepted',
      httpStatus: 200,
      gatewayCode: 0,
      startedAtMs: START_MS,
      durationMs: expect.any(Number),
    })
    const [head = '', body] = server.requests[0]?.split('\r\n\r\n') ?? []
    expect(head).toMatch(/^POST \/sms\/v1\/send\/42 HTTP\/1\.1\r\n/)
    expect(head).toContain(`authorization: Bearer ${TOKEN}`)
    expect(head).toContain('content-type: application/json')
    expect(JSON.parse(body ?? '')).toEqual({ id: 42, phone: 79161234567, text: 'hello' })
  })

  it('shares a bounded number of connections with others, and none is sent twice or behind another', async () => {
    let underWay = 0
    let most = 0
    await using server = await startTcpGateway({
      onRequest: (socket) => {
        most = Math.max(most, ++underWay)
        setTimeout(() => {
          underWay--
          socket.write(httpAnswer(200, YES))
        }, 2)
      },
    })
    await using gateway = connect(server.url)
    const ids = Array.from({ length: 100 }, (_, index) => index + 1)
    const results = await Promise.all(ids.map((id) => gateway.send(request(id), CONTEXT)))
    expect(results.every(({ outcome }) => outcome === 'accepted')).toBe(true)
    const paths = server.requests.map((text) => text.split(' ')[1])
    expect(new Set(paths).size).toBe(100)
    expect([paths.length, server.connections(), most]).toEqual([100, 4, 4])
  })
})

describe('an answer', () => {
  it.each([
    [200, YES, { outcome: 'accepted', gatewayCode: 0 }],
    [201, '{"code":0,"message":"","id":5}', { outcome: 'accepted', gatewayCode: 0 }],
    [
      200,
      '{"code":5,"message":"no credit"}',
      { outcome: 'refused', scope: 'message', gatewayCode: 5, detail: 'no credit' },
    ],
    [302, '', { outcome: 'refused', scope: 'account' }],
    [400, '{"code":7,"message":"bad phone"}', { outcome: 'rejected', gatewayCode: 7, detail: 'bad phone' }],
    [401, '', { outcome: 'refused', scope: 'account' }],
    [402, '', { outcome: 'refused', scope: 'account' }],
    [403, '', { outcome: 'refused', scope: 'account' }],
    [404, '<h1>No\n\u0000such</h1>', { outcome: 'refused', scope: 'account', detail: '<h1>No such</h1>' }],
    [405, '', { outcome: 'refused', scope: 'account' }],
    [407, '', { outcome: 'refused', scope: 'account' }],
    [408, '', { outcome: 'refused', scope: 'channel' }],
    [410, '', { outcome: 'rejected' }],
    [421, '', { outcome: 'refused', scope: 'channel' }],
    [423, '', { outcome: 'refused', scope: 'channel' }],
    [425, '', { outcome: 'refused', scope: 'channel' }],
    [422, YES, { outcome: 'rejected', gatewayCode: 0 }],
    [429, '', { outcome: 'refused', scope: 'channel' }],
    [500, YES, { outcome: 'refused', scope: 'channel', gatewayCode: 0 }],
    [503, '', { outcome: 'refused', scope: 'channel' }],
  ])('with %i and %j is judged', async (httpStatus, body, verdict) => {
    const result = await answering(httpAnswer(httpStatus, body))
    expect(result).toMatchObject({ ...verdict, httpStatus, seen: 1 })
    expect(result.scope).toBe('scope' in verdict ? verdict.scope : undefined)
  })

  it.each([
    '',
    'OK',
    '<html>',
    'null',
    '[0]',
    '{}',
    '{"code":null,"message":"OK"}',
    '{"code":"OK"}',
    '{"code":""}',
    '{"code":false}',
    '{"code":0,"message":"OK"',
  ])('with 200 and %j leaves it open whether the message was taken, and says why', async (body) => {
    const result = await answering(httpAnswer(200, body))
    expect(result).toMatchObject({ outcome: 'uncertain', httpStatus: 200 })
    expect(result.detail).toMatch(
      body === '' ? 'is empty; GATEWAY_SUCCESS=status' : 'no code that is a number',
    )
  })

  it.each([
    '{"code":0}',
    '{"code":"0"}',
    '{"code":"0","message":"OK"}',
    ' {"code" : -0.0 , "message":1}',
    '{"message":null,"code":0e5}',
    '\ufeff{"code":0}',
    `{"code":0,"message":"${'x'.repeat(90_000)}"}`,
  ])('with 200 and the code 0 is a yes, however it is written: %.30j', async (body) => {
    expect(await answering(httpAnswer(200, body))).toMatchObject({
      outcome: 'accepted',
      gatewayCode: 0,
      seen: 1,
    })
  })

  it.each([
    ['{"code":"17"}', 17],
    ['{"code":-3}', -3],
    ['{"code":0.5}', undefined],
    ['{"code":9007199254740993}', undefined],
    ['{"code":1e400}', undefined],
  ])('with 200 and %s is a refusal of the message', async (body, gatewayCode) => {
    const result = await answering(httpAnswer(200, body))
    expect(result).toMatchObject({ outcome: 'refused', scope: 'message' })
    expect(result.gatewayCode).toBe(gatewayCode)
  })

  it('with a code that is named as transient is trouble of the gateway', async () => {
    const body = httpAnswer(200, '{"code":17}')
    const result = await attempt({ onRequest: (socket) => socket.write(body) }, { transientCodes: [5, 17] })
    expect(result).toMatchObject({ outcome: 'refused', scope: 'channel', gatewayCode: 17 })
  })

  it('that is compressed or in another charset is read', async () => {
    const text = Buffer.from('{"code":0,"message":"\u0434\u0430"}')
    const utf16 = Buffer.from(text.toString(), 'utf16le')
    const bodies: [Buffer, Record<string, string>][] = [
      [gzipSync(text), { 'content-encoding': 'gzip' }],
      [deflateSync(text), { 'content-encoding': 'deflate' }],
      [deflateRawSync(text), { 'content-encoding': 'deflate' }],
      [brotliCompressSync(text), { 'content-encoding': 'br' }],
      [brotliCompressSync(gzipSync(text)), { 'content-encoding': 'gzip, BR' }],
      [utf16, { 'content-type': 'application/json; charset=utf-16' }],
      [utf16, { 'content-type': 'application/json' }],
      [Buffer.from(utf16).swap16(), { 'content-type': 'application/json; charset="UTF-16BE"' }],
      [Buffer.concat([Buffer.of(0xfe, 0xff), Buffer.from(utf16).swap16()]), {}],
      [
        Buffer.from([...Buffer.from('{"code":0,"message":"'), 0xe4, 0xe0, ...Buffer.from('"}')]),
        { 'content-type': 'text/json; charset=windows-1251' },
      ],
      [text, { 'content-type': 'application/json; charset=no-such' }],
    ]
    for (const [body, headers] of bodies)
      expect(await answeringBytes(body, headers)).toMatchObject({ outcome: 'accepted' })
  })

  it('that cannot be inflated, or inflates beyond the limit, leaves it open', async () => {
    const long = gzipSync(Buffer.alloc(1_000_000, ' '))
    for (const [body, encoding, why] of [
      [Buffer.from(YES), 'gzip', 'not valid gzip'],
      [Buffer.from(YES), 'zstd', 'zstd is not known'],
      [long, 'gzip', 'longer than 100000 bytes'],
    ] as const)
      expect(await answeringBytes(body, { 'content-encoding': encoding })).toMatchObject({
        outcome: 'uncertain',
        detail: expect.stringContaining(why),
      })
  })

  it.each([
    [204, ''],
    [200, ''],
    [202, 'queued'],
  ])(
    'of %i and %j is a yes where the status alone decides, and else leaves it open',
    async (status, body) => {
      const bytes = status === 204 ? 'HTTP/1.1 204 No Content\r\n\r\n' : httpAnswer(status, body)
      const result = await attempt({ onRequest: (socket) => socket.write(bytes) }, { success: 'status' })
      expect(result).toMatchObject({ outcome: 'accepted', httpStatus: status })
      expect(await answering(bytes)).toMatchObject({ outcome: 'uncertain', httpStatus: status })
    },
  )

  it('with another code is no yes even where the status decides', async () => {
    const bytes = httpAnswer(200, '{"code":17}')
    const result = await attempt({ onRequest: (socket) => socket.write(bytes) }, { success: 'status' })
    expect(result).toMatchObject({ outcome: 'refused', scope: 'message' })
  })

  it('after 100 Continue, which nothing asked for, is one like any other', async () => {
    const go = 'HTTP/1.1 100 Continue\r\n\r\n'
    for (const before of [go, go + go, go.replace('\r\n\r\n', '\r\nx: y\r\n\r\n')])
      expect(await answering(before + httpAnswer(200, YES))).toMatchObject({ outcome: 'accepted', seen: 1 })
    const apart: TcpBehaviour = {
      onRequest: (socket) => {
        socket.setNoDelay(true)
        socket.write(go)
        setImmediate(() => socket.write(httpAnswer(200, YES)))
      },
    }
    expect(await attempt(apart)).toMatchObject({ outcome: 'accepted' })
  })

  it('is quoted shortened', async () => {
    expect((await answering(httpAnswer(500, 'x'.repeat(1000)))).detail).toBe('x'.repeat(200))
  })

  it('carries Retry-After in seconds or as a date', async () => {
    const after = (value: string) => answering(httpAnswer(429, '', { 'retry-after': value }))
    expect(await after('3')).toMatchObject({ outcome: 'refused', retryAfterMs: 3000 })
    expect(await after('Sun, 01 Mar 2026 12:00:05 GMT')).toMatchObject({ retryAfterMs: 5000 })
    expect(await after('86400')).toMatchObject({ retryAfterMs: 600_000 })
    expect(await after('soon')).not.toHaveProperty('retryAfterMs')
  })

  it('in chunks, or after early hints, is one like any other', async () => {
    const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'
    const halves = `a\r\n${YES.slice(0, 10)}\r\nf\r\n${YES.slice(10)}\r\n0\r\n\r\n`
    expect(await answering(chunked + halves)).toMatchObject({ outcome: 'accepted' })
    const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'
    expect(await answering(hints + httpAnswer(200, YES))).toMatchObject({ outcome: 'accepted' })
  })

  it('that redirects is not followed', async () => {
    await using elsewhere = await startTcpGateway({})
    for (const status of [301, 302, 307, 308]) {
      const result = await answering(httpAnswer(status, '', { location: `${elsewhere.url}/` }))
      expect(result).toMatchObject({ outcome: 'refused', httpStatus: status })
    }
    expect(elsewhere.connections()).toBe(0)
  })
})

describe('a gateway that misbehaves', () => {
  const cut = (bytes: string) => attempt({ onRequest: (socket) => socket.end(bytes) })

  it('leaves it open whether the message was accepted, when it cuts the connection before or after it read', async () => {
    const before = await attempt({
      onConnection: (socket) => socket.once('data', () => socket.resetAndDestroy()),
    })
    expect(before).toMatchObject({ outcome: 'uncertain' })
    const after = await attempt({ onRequest: (socket) => socket.resetAndDestroy() })
    expect(after).toMatchObject({ outcome: 'uncertain', seen: 1 })
  })

  it('leaves it open or was not reached, when it cuts the connection at once: some was written by then, or not', async () => {
    for (const how of ['destroy', 'resetAndDestroy'] as const) {
      const { outcome, seen } = await attempt({ onConnection: (socket) => socket[how]() })
      expect(['uncertain', 'unreached']).toContain(outcome)
      expect(seen).toBe(0)
    }
  })

  it('leaves it open, when its answer breaks off', async () => {
    for (const bytes of ['', 'HTTP/1.1 2', 'HTTP/1.1 200 OK\r\ncontent-length: 25\r\n'])
      expect(await cut(bytes)).toMatchObject({ outcome: 'uncertain', seen: 1 })
    const half = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n'
    expect(await cut(half + YES)).toMatchObject({ outcome: 'uncertain', httpStatus: 200, seen: 1 })
  })

  it('has refused, when its answer breaks off after the status', async () => {
    const half = (status: number) => `HTTP/1.1 ${status} No\r\ncontent-length: 100\r\n\r\nhalf`
    expect(await cut(half(500))).toMatchObject({ outcome: 'refused', httpStatus: 500, seen: 1 })
    expect(await cut(half(400))).toMatchObject({ outcome: 'rejected', httpStatus: 400, seen: 1 })
  })

  it('leaves it open, when it answers with something else than HTTP', async () => {
    expect(await answering('SSH-2.0-OpenSSH\r\n\r\n')).toMatchObject({ outcome: 'uncertain', seen: 1 })
    const upgrade = 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'
    expect(await answering(upgrade)).toMatchObject({ outcome: 'uncertain', seen: 1 })
  })

  it('leaves it open, when its answer is too long', async () => {
    const long = `{"code":0,"message":"${'x'.repeat(100_000)}"}`
    expect(await answering(httpAnswer(200, long))).toMatchObject({ outcome: 'uncertain', seen: 1 })
    expect(await answering(httpAnswer(500, long))).toMatchObject({ outcome: 'refused' })
    const headers = { 'x-long': 'x'.repeat(20_000) }
    expect(await answering(httpAnswer(200, YES, headers))).toMatchObject({ outcome: 'uncertain' })
  })

  it('leaves it open, when it is silent for longer than an attempt may take', async () => {
    const { server, gateway } = await connected({}, { timeoutMs: 200 })
    await using _both = { [Symbol.asyncDispose]: () => closeBoth(server, gateway) }
    expect(await gateway.send(request(2), CONTEXT)).toMatchObject({
      outcome: 'uncertain',
      detail: 'timed out',
    })
    await eventually(() => server.requests.filter((text) => text.includes('/send/2 ')).length === 1)
  })

  it('leaves it open, when its answer takes longer than an attempt may take', async () => {
    const dripping: TcpBehaviour = {
      onRequest: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 25000\r\n\r\n')
        const drip = setInterval(() => socket.write('x'), 20)
        socket.on('close', () => clearInterval(drip))
      },
    }
    const result = await attempt(dripping, { timeoutMs: 2000 })
    expect(result).toMatchObject({ outcome: 'uncertain', httpStatus: 200, seen: 1 })
  })

  it('is not sent a message again on a new connection, when it closes the old one at the moment of its reuse', async () => {
    await using server = await startTcpGateway({
      onRequest: (socket, text) => {
        if (text.includes('/send/1 ')) socket.write(httpAnswer(200, YES))
        else socket.destroy()
      },
    })
    await using gateway = connect(server.url, { connections: 1 })
    expect(await gateway.send(request(1), CONTEXT)).toMatchObject({ outcome: 'accepted' })
    expect(await gateway.send(request(2), CONTEXT)).toMatchObject({ outcome: 'uncertain' })
    expect(server.requests).toHaveLength(2)
  })

  it('loses and doubles nothing, when it closes every connection behind its answer without saying so', async () => {
    await using server = await startTcpGateway({ onRequest: (socket) => socket.end(httpAnswer(200, YES)) })
    await using gateway = connect(server.url, { connections: 2 })
    const outcomes = new Map<number, string>()
    for (let id = 1; id <= 50; id++) outcomes.set(id, (await gateway.send(request(id), CONTEXT)).outcome)
    const seen = server.requests.map((text) => Number(/send\/(\d+)/.exec(text)?.[1]))
    expect(new Set(seen).size).toBe(seen.length)
    for (const [id, outcome] of outcomes) if (!seen.includes(id)) expect(outcome).not.toBe('accepted')
    for (const [id, outcome] of outcomes) if (outcome === 'unreached') expect(seen).not.toContain(id)
  })
})

describe('a gateway that is unreachable', () => {
  it('was not reached, when nothing listens at its address, or its name is unknown', async () => {
    for (const host of [`127.0.0.1:${await freePort()}`, 'nowhere.invalid']) {
      await using gateway = connect(`http://${host}`, { timeoutMs: 2000 })
      expect(await gateway.send(request(), CONTEXT)).toMatchObject({ outcome: 'unreached' })
    }
  })

  it('was not reached, when the connection is never ready to be written to', async () => {
    await using server = await startTcpGateway({})
    await using gateway = connect(server.url.replace('http:', 'https:'), { timeoutMs: 200 })
    expect(await gateway.send(request(), CONTEXT)).toMatchObject({ outcome: 'unreached' })
    expect(server.requests).toEqual([])
  })

  it('was not reached by an attempt that waited for a connection for too long', async () => {
    const { server, gateway } = await connected({}, { timeoutMs: 200 })
    await using _both = { [Symbol.asyncDispose]: () => closeBoth(server, gateway) }
    const first = gateway.send(request(2), CONTEXT)
    const second = gateway.send(request(3), CONTEXT)
    expect(await first).toMatchObject({ outcome: 'uncertain' })
    const { outcome } = await second
    await gateway.close()
    const sent = () =>
      server.requests.map((text) => text.split(' ')[1]).filter((path) => path !== '/v1/send/1')
    // Where this process was suspended, the connection may be free again before the second one has waited for too long.
    const late = outcome === 'unreached' ? [] : ['/v1/send/3']
    await eventually(() => expect(sent()).toEqual(['/v1/send/2', ...late]) ?? true)
  })

  it('receives nothing once this side is closed', async () => {
    const gateway = connect(`http://127.0.0.1:${await freePort()}`)
    await gateway.close()
    expect(await gateway.send(request(), CONTEXT)).toMatchObject({ outcome: 'unreached' })
  })
})

describe('the log', () => {
  const logOf = (debug: boolean) => {
    const lines: { fields: unknown; message: string }[] = []
    const write = (fields: unknown, message: string) => void lines.push({ fields, message })
    return { lines, log: { isLevelEnabled: () => debug, debug: write } as unknown as Logger }
  }
  const echo: TcpBehaviour = {
    onRequest: (socket, text) => socket.write(httpAnswer(400, JSON.stringify({ code: 1, message: text }))),
  }

  it('shows request and answer on level debug, with the ids of mailing, message and client', async () => {
    const { lines, log } = logOf(true)
    await using server = await startTcpGateway({ onRequest: (socket) => socket.write(httpAnswer(200, YES)) })
    await using gateway = connect(server.url, {}, log)
    await gateway.send(request(3), CONTEXT)
    expect(lines).toEqual([
      {
        message: 'sent through the gateway',
        fields: {
          ...{ mailingId: 7, messageId: 3, clientId: 9 },
          request: request(3),
          response: expect.objectContaining({ outcome: 'accepted', httpStatus: 200, body: YES }),
        },
      },
    ])
  })

  it('never shows the token, nor does a result, even when the gateway repeats it', async () => {
    const { lines, log } = logOf(true)
    await using server = await startTcpGateway(echo)
    await using gateway = connect(server.url, {}, log)
    const result = await gateway.send(request(), CONTEXT)
    expect(result).toMatchObject({ outcome: 'rejected', detail: expect.stringContaining('Bearer ***') })
    expect(lines).toHaveLength(1)
    expect(JSON.stringify([lines, result])).not.toContain('s3cret')
  })

  it('is not written to below level debug', async () => {
    const { lines, log } = logOf(false)
    await using server = await startTcpGateway(echo)
    await using gateway = connect(server.url, {}, log)
    await gateway.send(request(), CONTEXT)
    expect(lines).toEqual([])
  })
})
