import { afterEach, describe, expect, it } from '@jest/globals'
import { eventually, runIf } from '@runnel/testing'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'
import { toTransportResult } from '../src/notifications/smtp/to-transport-result.ts'
import { composeEmail } from '../src/smtp/compose-email.ts'
import { sendEmail } from '../src/smtp/send-email.ts'
import type { SmtpServer } from '../src/smtp/smtp-session.ts'
import { createCertificate, hasOpenssl } from './create-certificate.ts'
import { startOpensmtpd, whyNoOpensmtpd } from './start-opensmtpd.ts'
import { startSmtpServer, type TestSmtpServer } from './start-smtp-server.ts'

const ENVELOPE = { from: 'runnel@example.com', to: 'ann@example.com' }
const MESSAGE = Buffer.from('Subject: hello\r\n\r\nA line.\r\n.\r\n..two dots\r\n')

const serverOn = (port: number, more: Partial<SmtpServer> = {}): SmtpServer => ({
  ...{ host: '127.0.0.1', port, tls: 'none', user: '', password: '', timeoutMs: 20_000 },
  ...more,
})

/** @param begin whether the lease still holds when the message is to be sent */
const send = (server: SmtpServer, { begin = true, signal = new AbortController().signal } = {}) => {
  const begun: string[] = []
  const beginTransfer = async () => {
    begun.push('begun')
    return begin
  }
  return sendEmail(server, ENVELOPE, MESSAGE, { beginTransfer, signal }).then((result) => ({
    ...toTransportResult(result),
    begun: begun.length,
  }))
}

describe('sending an e-mail', () => {
  let smtp: TestSmtpServer
  afterEach(() => smtp?.stop())

  it('hands the message over as it is, dots at the beginning of lines too', async () => {
    smtp = await startSmtpServer()
    expect(await send(serverOn(smtp.port))).toEqual({ outcome: 'sent', begun: 1 })
    expect(smtp.received).toMatchObject([{ from: ENVELOPE.from, to: [ENVELOPE.to], secure: false }])
    expect(smtp.received[0]!.source).toBe(MESSAGE.toString())
  })

  it('tries again what is refused for now: greylisting, an answer of 4xx to the message', async () => {
    smtp = await startSmtpServer()
    smtp.refusals.push([451, 'Greylisted, come back in 5 minutes'])
    expect(await send(serverOn(smtp.port))).toEqual({
      outcome: 'retry',
      reason: expect.stringContaining('451 Greylisted'),
      begun: 0,
    })
    smtp.onData.push({ refuse: [452, 'No room'] })
    expect(await send(serverOn(smtp.port))).toMatchObject({
      outcome: 'retry',
      reason: expect.stringContaining('452 No room'),
    })
    expect(smtp.received).toEqual([])
  })

  it('gives up what is refused for good, with the reason of the server', async () => {
    smtp = await startSmtpServer()
    smtp.refusals.push([550, 'No such user'])
    expect(await send(serverOn(smtp.port))).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('550 No such user'),
      begun: 0,
    })
    smtp.onData.push({ refuse: [554, 'Looks like spam'] })
    expect(await send(serverOn(smtp.port))).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('554 Looks like spam'),
    })
  })

  it('is in doubt where the connection breaks once the message was sent', async () => {
    smtp = await startSmtpServer()
    smtp.onData.push('cut')
    expect(await send(serverOn(smtp.port))).toMatchObject({ outcome: 'in_doubt', begun: 1 })
    expect(smtp.received).toHaveLength(1)
  })

  it('is in doubt where the server never answers the message, and ends in time', async () => {
    smtp = await startSmtpServer()
    smtp.onData.push('hang')
    const late = new AbortController()
    const sending = send(serverOn(smtp.port), { signal: late.signal })
    await eventually(() => smtp.onData.length === 0)
    late.abort()
    expect(await sending).toMatchObject({ outcome: 'in_doubt', reason: expect.stringContaining('too long') })
  })

  it('tries again where the server says nothing at all, or is not there', async () => {
    const sockets: Socket[] = []
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const late = new AbortController()
    const sending = send(serverOn(port), { signal: late.signal })
    await eventually(() => sockets.length === 1)
    late.abort()
    expect(await sending).toMatchObject({ outcome: 'retry', begun: 0 })
    sockets.forEach((socket) => socket.destroy())
    silent.close()
    await once(silent, 'close')
    expect(await send(serverOn(port))).toMatchObject({
      outcome: 'retry',
      reason: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('sends no byte of the message where another process has taken over meanwhile', async () => {
    smtp = await startSmtpServer()
    expect(await send(serverOn(smtp.port), { begin: false })).toMatchObject({ outcome: 'retry', begun: 1 })
    expect(smtp.received).toEqual([])
  })

  it('logs in, and tries again where the password is wrong: that is no fault of the message', async () => {
    smtp = await startSmtpServer({
      onAuth({ username, password }, _session, callback) {
        if (username === 'runnel' && password === 'right') callback(null, { user: username })
        else callback(Object.assign(new Error(`no, ${password} is wrong`), { responseCode: 535 }))
      },
      authOptional: false,
      allowInsecureAuth: true,
    })
    expect(await send(serverOn(smtp.port, { user: 'runnel', password: 'right' }))).toMatchObject({
      outcome: 'sent',
    })
    expect(smtp.received[0]!.user).toBe('runnel')
    const refused = await send(serverOn(smtp.port, { user: 'runnel', password: 'w-r-o-n-g' }))
    expect(refused).toMatchObject({
      outcome: 'retry',
      reason: expect.stringContaining('the login was refused'),
    })
    expect(JSON.stringify(refused)).not.toContain('w-r-o-n-g')
    expect(await send(serverOn(smtp.port))).toMatchObject({
      outcome: 'retry',
      reason: expect.stringMatching('530'),
    })
  })

  it('sends nothing to a server that cannot encrypt, unless it may', async () => {
    smtp = await startSmtpServer()
    expect(await send(serverOn(smtp.port, { tls: 'starttls' }))).toMatchObject({ outcome: 'retry', begun: 0 })
    expect(smtp.received).toEqual([])
  })
})

runIf(
  hasOpenssl,
  describe,
  'openssl is not installed',
)('sending an e-mail encrypted', () => {
  let smtp: TestSmtpServer
  afterEach(() => smtp?.stop())

  it.each(['starttls', 'tls'] as const)(
    'uses %s, and trusts only a certificate that it knows',
    async (tls) => {
      const { key, cert } = createCertificate()
      smtp = await startSmtpServer({ key, cert, secure: tls === 'tls', disabledCommands: [] })
      const server = serverOn(smtp.port, { tls, host: 'localhost' })
      expect(await send({ ...server, ca: cert })).toEqual({ outcome: 'sent', begun: 1 })
      expect(smtp.received[0]!.secure).toBe(true)
      expect(await send(server)).toMatchObject({
        outcome: 'retry',
        reason: expect.stringMatching(/certificate/i),
        begun: 0,
      })
      // A certificate of another host.
      expect(await send({ ...server, host: '127.0.0.1', ca: cert })).toMatchObject({
        outcome: 'retry',
        begun: 0,
      })
      expect(smtp.received).toHaveLength(1)
    },
  )
})

runIf(
  whyNoOpensmtpd === undefined,
  it,
  whyNoOpensmtpd ?? '',
)(
  "an e-mail goes through Debian's opensmtpd and arrives as it was made, or is refused with its reason",
  async () => {
    await using smtp = await startSmtpServer()
    await using opensmtpd = await startOpensmtpd(smtp.port)
    const server = serverOn(opensmtpd.port)
    const messageId = '<runnel-report-2026-11-29@example.com>'
    const subject = 'Отчёт за воскресенье'
    const email = await composeEmail(
      { subject, text: 'Отправлено: 5\n.\n', html: '<p>Отправлено: 5</p>' },
      { from: { name: 'Рассылка', address: ENVELOPE.from }, to: ENVELOPE.to, messageId, date: new Date(0) },
    )
    const attempt = async (envelope: typeof ENVELOPE) =>
      toTransportResult(await sendEmail(server, envelope, email, { signal: new AbortController().signal }))
    const elsewhere = { ...ENVELOPE, to: 'ann@elsewhere.test' }
    expect(await attempt(elsewhere)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('550'),
    })
    expect(await attempt(ENVELOPE)).toEqual({ outcome: 'sent' })
    await eventually(() => smtp.received.length === 1)
    const { source, to, from } = smtp.received[0]!
    expect([from, to]).toEqual([ENVELOPE.from, [ENVELOPE.to]])
    // The servers on the way put their own headers before it.
    expect(source.replaceAll('\r\n', '\n').trimEnd()).toContain(
      email.toString().replaceAll('\r\n', '\n').trimEnd(),
    )
    expect(source).toContain(messageId)
  },
)
