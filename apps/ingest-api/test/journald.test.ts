import { describe, expect, it } from '@jest/globals'
import { eventually } from '@runnel/testing'
import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { startIngest, type Ingest } from './ingest.ts'

const JOURNAL = { 'content-type': 'application/vnd.fdo.journal' }

const entry = (more = '', cursor = 's=1;i=2') =>
  `__CURSOR=${cursor}\n__REALTIME_TIMESTAMP=1795953600123456\n_HOSTNAME=web-1\nPRIORITY=4\n` +
  `SYSLOG_IDENTIFIER=nginx\n${more}\n`

const post = (ingest: Ingest, body: string | Buffer, headers: Record<string, string> = JOURNAL) =>
  ingest.post('/upload', body, headers)

const binary = (name: string, data: Buffer) => {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(data.length))
  return Buffer.concat([Buffer.from(`${name}\n`), length, data, Buffer.from('\n')])
}

async function consumed(ingest: Ingest, count: number) {
  await eventually(() => ingest.consumed.length === count)
  return ingest.consumed
}

describe('an entry of the journal', () => {
  it('is a log that its cursor names, with its fields as attributes', async () => {
    await using ingest = await startIngest()
    const answer = await post(ingest, entry('MESSAGE=disk full\nA=1\nA=2\n'))
    expect([answer.statusCode, answer.body, answer.headers['content-type']]).toEqual([
      ...[202, 'OK.\n', 'text/plain; charset=utf-8'],
    ])
    expect(await consumed(ingest, 1)).toMatchObject([{ kind: 'logs', key: 's=1;i=2' }])
    expect(ingest.consumed[0]!.data).toEqual({
      timestamp: '2026-11-29T12:00:00.123456Z',
      level: 'warn',
      service: 'nginx',
      message: 'disk full',
      attributes: {
        ...{ __CURSOR: 's=1;i=2', _HOSTNAME: 'web-1', PRIORITY: '4' },
        ...{ SYSLOG_IDENTIFIER: 'nginx', A: ['1', '2'] },
      },
    })
  })

  it.each<[string, Buffer, object]>([
    ['a message of several lines', binary('MESSAGE', Buffer.from('ä\nb\n')), { message: 'ä\nb\n' }],
    [
      'a message that is no UTF-8',
      binary('MESSAGE', Buffer.from([0x61, 0xff, 0x0a])),
      { message: 'a\\xff\n', attributes: { MESSAGE: { base64: 'Yf8K' } } },
    ],
    ['bytes with NUL', binary('X', Buffer.from([0x61, 0])), { attributes: { X: { base64: 'YQA=' } } }],
    [
      'two messages',
      Buffer.from('MESSAGE=a\nMESSAGE=b\n'),
      { message: 'a', attributes: { MESSAGE: ['a', 'b'] } },
    ],
    ['a name of its own kind', Buffer.from('__proto__=1\n'), { level: 'warn' }],
  ])('may have %s', async (_, field, expected) => {
    await using ingest = await startIngest()
    const body = Buffer.concat([Buffer.from(entry().slice(0, -1)), field])
    expect((await post(ingest, body)).body).toBe('OK.\n')
    expect((await consumed(ingest, 1))[0]).toMatchObject({ data: expected })
  })

  it('is of its unit where it has no identifier, and has no time or level that it does not say', async () => {
    await using ingest = await startIngest()
    await post(ingest, '_SYSTEMD_UNIT=ssh.service\nMESSAGE=m\nPRIORITY=9\n__REALTIME_TIMESTAMP=soon\n')
    expect((await consumed(ingest, 1))[0]!.data).toEqual({
      service: 'ssh.service',
      message: 'm',
      attributes: { _SYSTEMD_UNIT: 'ssh.service', PRIORITY: '9', __REALTIME_TIMESTAMP: 'soon' },
    })
  })

  it('keeps every digit of its time, however late that is', async () => {
    await using ingest = await startIngest()
    await post(ingest, 'MESSAGE=m\n__REALTIME_TIMESTAMP=99999999999999999\n')
    expect((await consumed(ingest, 1))[0]!.data).toMatchObject({ timestamp: '5138-11-16T09:46:39.999999Z' })
  })

  it('that is malformed or too large costs only itself', async () => {
    await using ingest = await startIngest({ env: { EVENT_LIMIT_BYTES: '2000' } })
    const large = entry(`COREDUMP=${'x'.repeat(3000)}\n`, 'c2')
    const answer = await post(ingest, `${entry('', 'c1')}\n${large}\n=\n\n${entry('', 'c3')}`)
    expect([answer.statusCode, answer.body]).toEqual([
      202,
      'OK. 2 entries are kept; 2 entries were refused, first entry 1: The event is larger than 2000 bytes\n',
    ])
    expect((await consumed(ingest, 2)).map(({ key }) => key)).toEqual(['c1', 'c3'])
  })
})

describe('an upload of a journal', () => {
  it('comes in chunks, after it was asked whether it may', async () => {
    await using ingest = await startIngest()
    await ingest.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = ingest.app.server.address() as AddressInfo
    const socket = connect(port, '127.0.0.1').setEncoding('latin1')
    let received = ''
    socket.on('data', (text: string) => (received += text))
    socket.write(
      'POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/vnd.fdo.journal\r\n' +
        'Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n',
    )
    await eventually(() => received.startsWith('HTTP/1.1 100 Continue'))
    const body = `${entry('MESSAGE=a\n', 'c1')}\n${entry('MESSAGE=b\n', 'c2')}`
    for (const part of [body.slice(0, 50), body.slice(50)])
      socket.write(`${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`)
    socket.write('0\r\n\r\n')
    await eventually(() => received.includes('OK.'))
    expect(received).toContain('HTTP/1.1 202 Accepted')
    expect((await consumed(ingest, 2)).map(({ key }) => key)).toEqual(['c1', 'c2'])
    const closed = once(socket, 'close')
    socket.destroy()
    await closed
  })

  it('may be empty, or hold nothing that can be read', async () => {
    await using ingest = await startIngest()
    expect((await post(ingest, '')).body).toBe('OK.\n')
    expect((await post(ingest, 'x')).statusCode).toBe(202)
  })

  it.each<[string, string | Buffer, Record<string, string>, Record<string, string>, number]>([
    ['another content type', 'A=1', { 'content-type': 'text/plain' }, {}, 415],
    ['too large', 'A=1'.repeat(2000), JOURNAL, { LARGE_BODY_LIMIT_BYTES: '5000' }, 413],
    ['too many entries', 'A=1\n\n'.repeat(4), JOURNAL, { LARGE_BATCH_LIMIT_ITEMS: '3' }, 413],
  ])('is refused in words: %s', async (_, body, headers, env, status) => {
    await using ingest = await startIngest({ env })
    const answer = await post(ingest, body, headers)
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'text/plain; charset=utf-8'])
  })

  it('is answered 503 where other formats are answered 429', async () => {
    await using ingest = await startIngest({ env: { QUEUE_LIMIT_EVENTS: '1' } })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => post(ingest, entry('', `c${i}`))))
    const busy = answers.find(({ statusCode }) => statusCode !== 202)
    expect([busy?.statusCode, busy?.headers['retry-after']]).toEqual([503, '1'])
  })
})
