import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'
import { Readable } from 'node:stream'
import type { TransportContext, TransportResult } from '../transport.ts'
import { judgeSmtpError, type SmtpError } from './judge-smtp-error.ts'
import type { SmtpSettings } from './settings.ts'

export type SmtpServer = Pick<SmtpSettings, 'host' | 'port' | 'tls' | 'user' | 'password' | 'timeoutMs'> & {
  /** Certificates that are trusted beside those of Node. Default: none; NODE_EXTRA_CA_CERTS adds some for the process. */
  readonly ca?: string | undefined
}

export interface Envelope {
  readonly from: string
  readonly to: string
}

/**
 * Sends one message over a connection of its own. The message is read from a stream, which nodemailer pulls once the server has
 * answered DATA with 354: so it is known exactly from when on the message may have arrived.
 *
 * @param message as it is sent over the network
 */
export async function sendEmail(
  server: SmtpServer,
  envelope: Envelope,
  message: Buffer,
  { beginTransfer, signal }: TransportContext,
): Promise<TransportResult> {
  const connection = new SMTPConnection(connectionOptions(server))
  const { promise, resolve } = Promise.withResolvers<TransportResult>()
  let [began, ended] = [false, false]
  const end = (result: TransportResult) => {
    ended = true
    resolve(result)
  }
  const fail = (error: unknown) => end(judgeSmtpError(error as SmtpError, began))
  const onAbort = () => fail(new Error('it took too long, or the process ends'))
  async function* body() {
    if (!(await beginTransfer())) throw new Error('another process has taken over')
    if (ended) throw new Error('the attempt is over')
    began = true
    yield message
  }
  const send = () =>
    connection.send({ ...envelope }, Readable.from(body()), (error) =>
      error ? fail(error) : end({ outcome: 'sent' }),
    )
  // Stays until the end: a broken connection may report more than one error.
  connection.on('error', fail)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  else
    connection.connect((error?: Error | null) => {
      if (error) fail(error)
      else if (server.user === '') send()
      else
        connection.login({ user: server.user, pass: server.password }, (refused) =>
          refused ? fail(refused) : send(),
        )
    })
  const result = await promise
  signal.removeEventListener('abort', onAbort)
  if (result.outcome === 'sent') connection.quit()
  else connection.close()
  return result
}

function connectionOptions({ host, port, tls, timeoutMs, ca }: SmtpServer): SMTPConnectionOptions {
  return {
    host,
    port,
    secure: tls === 'tls',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    maxResponseSize: 64 * 1024,
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca !== undefined && { ca }) },
  }
}
