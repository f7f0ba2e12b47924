import { once } from 'node:events'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'

/** An e-mail that the server has taken. */
interface ReceivedEmail {
  readonly from: string
  readonly to: readonly string[]
  /** As it came, headers and all. */
  readonly source: string
  readonly secure: boolean
  readonly user: string | undefined
}

export interface TestSmtpServer {
  readonly port: number
  /** In the order in which they came. */
  readonly received: ReceivedEmail[]
  /** Answers to RCPT TO that are refusals, each used once; code and text. */
  readonly refusals: [code: number, text: string][]
  /** What to do with the next messages in place of taking them, each used once. */
  readonly onData: OnData[]
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** `refuse`: an answer; `cut`: takes the message and closes the connection without one; `hang`: never answers. */
type OnData = { readonly refuse: [code: number, text: string] } | 'cut' | 'hang'

/** A real SMTP server on a port of its own. Takes everything, unless it is told otherwise. */
export async function startSmtpServer(options: SMTPServerOptions = {}, port = 0): Promise<TestSmtpServer> {
  const received: ReceivedEmail[] = []
  const refusals: [number, string][] = []
  const onData: OnData[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    ...options,
    onRcptTo(_address, _session, callback) {
      const refusal = refusals.shift()
      callback(refusal && smtpError(refusal))
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const next = onData.shift()
        if (next === 'hang') return
        if (next !== undefined && next !== 'cut') return callback(smtpError(next.refuse))
        received.push(toEmail(Buffer.concat(chunks).toString(), session))
        if (next === 'cut') for (const connection of server.connections) connection.close()
        else callback()
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  const stop = async () => {
    for (const connection of server.connections) connection.close()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  const address = server.server.address() as { port: number }
  return { port: address.port, received, refusals, onData, stop, [Symbol.asyncDispose]: stop }
}

function smtpError([responseCode, text]: [number, string]): Error {
  return Object.assign(new Error(text), { responseCode })
}

function toEmail(source: string, session: SMTPServerSession): ReceivedEmail {
  const { mailFrom, rcptTo } = session.envelope
  return {
    from: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    ...{ source, secure: session.secure, user: session.user as string | undefined },
  }
}
