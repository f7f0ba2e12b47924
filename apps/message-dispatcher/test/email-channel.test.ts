import { afterEach, describe, expect, it } from '@jest/globals'
import { createLogger } from '@runnel/observability'
import { eventually, freePort } from '@runnel/testing'
import fc from 'fast-check'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { SMTPServerOptions } from 'smtp-server'
import type { Channel, OutgoingMessage } from '../src/sending/channels/channel.ts'
import {
  createEmailChannel,
  type EmailChannelOptions,
} from '../src/sending/channels/email/create-email-channel.ts'
import { startSmtpServer, type TestSmtpServer } from './start-smtp-server.ts'

const CONTEXT = { mailingId: 7, clientId: 9 }
const START_MS = Date.parse('2026-03-01T12:00:00Z')

const message = (more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  ...{ id: 42, phone: 79161234567, address: 'ann@example.com', subject: 'News', text: 'hello' },
  ...more,
})

let smtp: TestSmtpServer
let channel: Channel
afterEach(async () => {
  await channel?.close()
  await smtp?.stop()
})

function connect(port: number, more: Partial<EmailChannelOptions> = {}, timeoutMs = 20_000): Channel {
  const server = { host: '127.0.0.1', port, tls: 'none' as const, user: '', password: '', timeoutMs }
  const from = { name: 'Shop', address: 'shop@example.org' }
  return createEmailChannel(
    { server, from, ...more },
    { clock: { nowMs: () => START_MS }, log: createLogger('message-dispatcher', 'silent') },
  )
}

async function open(options: SMTPServerOptions = {}, more: Partial<EmailChannelOptions> = {}): Promise<void> {
  smtp = await startSmtpServer(options)
  channel = connect(smtp.port, more)
}

/** A server that answers each line as it is told to; undefined: it closes the connection. */
async function startRawServer(answer: (line: string, connection: number) => string | undefined) {
  const sockets: Socket[] = []
  const server: Server = createServer((socket) => {
    const number = sockets.push(socket)
    socket.on('error', () => undefined)
    socket.write('220 here\r\n')
    socket.on('data', (data) => {
      for (const line of String(data).split('\r\n').slice(0, -1)) {
        const reply = answer(line, number)
        if (reply === undefined) socket.destroy()
        else if (reply !== '') socket.write(`${reply}\r\n`)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    async stop() {
      sockets.forEach((socket) => socket.destroy())
      server.close()
      await once(server, 'close')
    },
  }
}

const OK = (line: string) => (line.startsWith('DATA') ? '354 go on' : '250 OK')

describe('an e-mail of a mailing', () => {
  it('has its subject, its text, a Message-ID made of the message, and one click to opt out', async () => {
    await open()
    const unsubscribeUrl = `https://example.org/unsubscribe/${'t'.repeat(120)}`
    const result = await channel.send(message({ unsubscribeUrl }), CONTEXT)
    expect(result).toEqual({ outcome: 'accepted', startedAtMs: START_MS, durationMs: expect.any(Number) })
    const [{ from, to, source }] = smtp.received as [(typeof smtp.received)[0]]
    expect([from, to]).toEqual(['shop@example.org', ['ann@example.com']])
    const lines = source.split('\r\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'From: Shop <shop@example.org>',
        'To: ann@example.com',
        'Subject: News',
        'Message-ID: <runnel-42@example.org>',
        'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
        'hello',
      ]),
    )
    expect(source.replaceAll('\r\n ', ' ')).toContain(`List-Unsubscribe: <${unsubscribeUrl}>\r\n`)
  })

  it('arrives with any text and any subject, and neither makes a header', async () => {
    await open()
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        async (subject, text) => {
          smtp.received.length = 0
          const sent = await channel.send(
            message({ subject: `${subject}\r\nBcc: eve@example.com`, text }),
            CONTEXT,
          )
          expect(sent.outcome).toBe('accepted')
          expect(smtp.received).toHaveLength(1)
          const [head] = smtp.received[0]!.source.split('\r\n\r\n') as [string]
          expect(head).not.toMatch(/^Bcc:/im)
          expect(smtp.received[0]!.to).toEqual(['ann@example.com'])
        },
      ),
      { numRuns: 30 },
    )
  })

  it('goes to the ASCII form of a domain in another script', async () => {
    const lines: string[] = []
    const raw = await startRawServer((line) => {
      lines.push(line)
      return /^(EHLO|MAIL|RCPT|DATA|QUIT|\.$)/.test(line) ? OK(line) : ''
    })
    channel = connect(raw.port)
    await channel.send(message({ address: 'ann@пример.рф' }), CONTEXT)
    expect(lines).toContain('RCPT TO:<ann@xn--e1afmkfd.xn--p1ai>')
    await raw.stop()
  })

  it('is rejected without an address', async () => {
    await open()
    const { address: _, ...rest } = message()
    expect(await channel.send(rest, CONTEXT)).toMatchObject({ outcome: 'rejected', reason: 'no_address' })
  })
})

describe('what the mail server answers', () => {
  const RCPT: readonly [code: number, text: string, expected: object][] = [
    [450, 'Greylisted, come back later', { outcome: 'refused', scope: 'address', reason: 'smtp_450' }],
    [452, 'Mailbox is full', { outcome: 'refused', scope: 'address' }],
    [550, '5.1.1 No such user', { outcome: 'rejected', reason: 'smtp_550', gatewayCode: 550 }],
    [553, 'Not allowed', { outcome: 'rejected', reason: 'smtp_553' }],
    [554, '5.7.1 Relay access denied', { outcome: 'refused', scope: 'account', reason: 'forbidden' }],
    [530, '5.7.0 Log in first', { outcome: 'refused', scope: 'account', reason: 'unauthorised' }],
  ]
  it.each(RCPT)('%i %s to a recipient', async (code, text, expected) => {
    await open()
    smtp.refusals.push([code, text])
    expect(await channel.send(message(), CONTEXT)).toMatchObject(expected)
    expect(smtp.received).toEqual([])
    // The next message is none of that one's trouble.
    expect(await channel.send(message(), CONTEXT)).toMatchObject({ outcome: 'accepted' })
  })

  const DATA: readonly [code: number, expected: object][] = [
    [451, { outcome: 'refused', scope: 'channel', reason: 'smtp_451' }],
    [554, { outcome: 'rejected', reason: 'smtp_554' }],
  ]
  it.each(DATA)('%i to the message', async (code, expected) => {
    await open()
    smtp.onData.push({ refuse: [code, 'as it likes'] })
    expect(await channel.send(message(), CONTEXT)).toMatchObject(expected)
  })

  it('a sender that is refused for good is trouble of the account, and one that has to wait is the channel’s', async () => {
    const codes = [550, 451]
    await open({
      onMailFrom: (_address, _session, callback) =>
        callback(Object.assign(new Error('Sender'), { responseCode: codes.shift() })),
    })
    expect(await channel.send(message(), CONTEXT)).toMatchObject({
      scope: 'account',
      reason: 'sender_refused',
    })
    expect(await channel.send(message(), CONTEXT)).toMatchObject({ scope: 'channel', reason: 'smtp_451' })
  })

  it('a server that is not there was not reached', async () => {
    channel = connect(await freePort())
    expect(await channel.send(message(), CONTEXT)).toMatchObject({
      outcome: 'unreached',
      detail: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it.each([
    ['falls silent', ''],
    ['closes the connection', undefined],
  ])('a server that has greeted and %s at one address was reached', async (_, reply) => {
    const raw = await startRawServer((line) => (line.startsWith('RCPT TO:<trap') ? reply : OK(line)))
    channel = connect(raw.port, {}, 500)
    const expected = { outcome: 'refused', scope: 'channel', reason: 'no_answer' }
    for (const id of [1, 2])
      expect(await channel.send(message({ id, address: 'trap@x.com' }), CONTEXT)).toMatchObject(expected)
    await raw.stop()
  })

  it('leaves it open whether the message was taken, where the connection breaks after it', async () => {
    await open()
    smtp.onData.push('cut')
    expect(await channel.send(message(), CONTEXT)).toMatchObject({ outcome: 'uncertain' })
    expect(smtp.received).toHaveLength(1)
  })

  it.each(['354 go on', '999 what', '150 wait'])(
    'leaves it open whether the message was taken, where the answer to it is %j',
    async (reply) => {
      const raw = await startRawServer((line) =>
        line === '.' ? reply : /^(EHLO|MAIL|RCPT|DATA|QUIT)/.test(line) ? OK(line) : '',
      )
      channel = connect(raw.port)
      expect(await channel.send(message(), CONTEXT)).toMatchObject({ outcome: 'uncertain' })
      await raw.stop()
    },
  )

  it('leaves it open where no answer comes in time, and was not reached where none came to the greeting', async () => {
    await open()
    await channel.close()
    channel = connect(smtp.port, {}, 300)
    smtp.onData.push('hang')
    expect(await channel.send(message(), CONTEXT)).toMatchObject({ outcome: 'uncertain' })
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const other = connect((silent.address() as AddressInfo).port, {}, 300)
    expect(await other.send(message(), CONTEXT)).toMatchObject({ outcome: 'unreached' })
    await other.close()
    silent.close()
  })
})

describe('connections', () => {
  it('are used again, as many as messages are sent at a time, and end with the channel', async () => {
    let opened = 0
    let closed = 0
    await open({
      onConnect: (_session, callback) => (opened++, callback()),
      onClose: () => void closed++,
    })
    for (let id = 1; id <= 5; id++) await channel.send(message({ id }), CONTEXT)
    expect(opened).toBe(1)
    await Promise.all([1, 2, 3].map((id) => channel.send(message({ id }), CONTEXT)))
    expect(opened).toBe(3)
    expect(smtp.received).toHaveLength(8)
    await channel.close()
    await eventually(() => closed === 3)
  })

  it('are changed after as many messages as they may carry', async () => {
    let opened = 0
    await open({ onConnect: (_session, callback) => (opened++, callback()) }, { maxMessages: 2 })
    for (let id = 1; id <= 5; id++) await channel.send(message({ id }), CONTEXT)
    expect(opened).toBe(3)
  })

  it('that the server has closed meanwhile are replaced, and the message goes out once', async () => {
    await open()
    await channel.send(message({ id: 1 }), CONTEXT)
    const port = smtp.port
    await smtp.stop()
    smtp = await startSmtpServer({}, port)
    expect(await channel.send(message({ id: 2 }), CONTEXT)).toMatchObject({ outcome: 'accepted' })
    expect(smtp.received).toHaveLength(1)
  })

  it('on which the server says goodbye in place of taking the next message are replaced too', async () => {
    let messages = 0
    const raw = await startRawServer((line, connection) => {
      if (line === '.') messages++
      if (line.startsWith('MAIL') && messages === 1 && connection === 1) return '421 idle for too long'
      if (messages > 0 && line === '.') return '250 taken'
      return /^(EHLO|MAIL|RCPT|RSET|DATA|QUIT)/.test(line) ? OK(line) : ''
    })
    channel = connect(raw.port)
    expect(await channel.send(message({ id: 1 }), CONTEXT)).toMatchObject({ outcome: 'accepted' })
    expect(await channel.send(message({ id: 2 }), CONTEXT)).toMatchObject({ outcome: 'accepted' })
    expect([messages, raw.sockets.length]).toEqual([2, 2])
    await raw.stop()
  })
})
