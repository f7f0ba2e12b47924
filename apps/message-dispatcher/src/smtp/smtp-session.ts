import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'
import { Readable } from 'node:stream'
import { judgeSmtpError, type SmtpError } from './judge-smtp-error.ts'
import type { MailServerSettings } from './mail-server-settings.ts'
import type { SmtpVerdict } from './smtp-verdict.ts'

export type SmtpServer = Pick<
  MailServerSettings,
  'host' | 'port' | 'tls' | 'user' | 'password' | 'timeoutMs'
> & {
  /** Certificates that are trusted beside those of Node. Default: none; NODE_EXTRA_CA_CERTS adds some for the process. */
  readonly ca?: string | undefined
}

export interface Envelope {
  readonly from: string
  readonly to: string
}

export interface TransferOptions {
  /** Awaited right before the first byte of the message. @returns false where it must not be sent any more */
  readonly beginTransfer?: () => Promise<boolean>
  /** Ends the attempt, wherever it is. */
  readonly signal: AbortSignal
}

const ACCEPTED: SmtpVerdict = { outcome: 'accepted', detail: '' }

/** One connection to a mail server, over which one message after the other can be sent. */
export class SmtpSession {
  readonly #connection: SMTPConnection
  #isOpen = true
  #onEnd: ((error: unknown) => void) | undefined

  private constructor(server: SmtpServer) {
    this.#connection = new SMTPConnection(connectionOptions(server))
    const end = (error: unknown) => {
      this.#isOpen = false
      this.#onEnd?.(error)
    }
    // Stays until the end: a broken connection may report more than one error.
    this.#connection.on('error', end)
    this.#connection.on('end', () => end(new Error('the server closed the connection')))
  }

  /** Connects and logs in. @throws SmtpError */
  static async open(server: SmtpServer, signal: AbortSignal): Promise<SmtpSession> {
    const session = new SmtpSession(server)
    const connection = session.#connection
    try {
      await session.#run(signal, (done) => connection.connect(done))
      if (server.user !== '')
        await session.#run(signal, (done) =>
          connection.login({ user: server.user, pass: server.password }, done),
        )
      return session
    } catch (error) {
      session.close()
      throw error
    }
  }

  /** Whether the server has not closed it, as far as is known. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /**
   * Sends one message. It is read from a stream, which nodemailer pulls once the server has answered DATA with 354: so it is
   * known exactly from when on the message may have arrived. Never rejects.
   *
   * @param message as it is sent over the network
   */
  async send(
    envelope: Envelope,
    message: Buffer,
    { beginTransfer, signal }: TransferOptions,
  ): Promise<SmtpVerdict> {
    let [began, ended] = [false, false]
    async function* body() {
      if (beginTransfer && !(await beginTransfer())) throw new Error('another process has taken over')
      if (ended) throw new Error('the attempt is over')
      began = true
      yield message
    }
    try {
      await this.#run(signal, (done) => this.#connection.send({ ...envelope }, Readable.from(body()), done))
      return ACCEPTED
    } catch (error) {
      return judgeSmtpError(error as SmtpError, began)
    } finally {
      ended = true
    }
  }

  /** After a message that was refused: another one may follow. @returns whether the server agrees */
  async reset(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#run(signal, (done) => this.#connection.reset(done))
      return true
    } catch {
      return false
    }
  }

  /** Says goodbye, and closes it. */
  quit(): void {
    if (this.#isOpen) this.#connection.quit()
    this.#isOpen = false
  }

  close(): void {
    this.#isOpen = false
    this.#connection.close()
  }

  /** @throws SmtpError of the step, of the connection, or where the signal aborts */
  async #run(signal: AbortSignal, start: (done: (error?: Error | null) => void) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onAbort = () => reject(new Error('it took too long, or the process ends'))
    if (signal.aborted) onAbort()
    else {
      signal.addEventListener('abort', onAbort, { once: true })
      this.#onEnd = reject
      start((error) => (error ? reject(error) : resolve()))
    }
    try {
      await promise
    } finally {
      this.#onEnd = undefined
      signal.removeEventListener('abort', onAbort)
    }
  }
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
