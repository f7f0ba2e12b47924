import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'
import { once } from 'node:events'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { BrokenPromiseError } from '../../ensure.ts'
import type { Random } from '../next-trouble.ts'
import type { ChannelCall, ChannelReceiver } from './channel-call.ts'
import { watchStalls } from './watch-stalls.ts'

/**
 * What the mail server may do. `greylist`, `full`: refuses the recipient for now. `no-user`: for good. `sender`: refuses the sender.
 * `busy`: refuses the message for now. `spam`: for good. `cut-before`: closes the connection at RCPT. `cut-after`: takes the
 * message, and closes it without an answer. `slow`: takes it, and answers late.
 */
const BEHAVIOURS = [
  ...(['greylist', 'full', 'no-user', 'sender', 'busy', 'spam', 'cut-before', 'cut-after', 'slow'] as const),
]

type Behaviour = (typeof BEHAVIOURS)[number] | 'ok'

/** How often each of them comes, from 0 to 1; else it takes the message. `down`: it does not listen. */
export interface MailTrouble {
  readonly probabilities?: Readonly<Partial<Record<Behaviour, number>>>
  readonly down?: boolean
}

export interface MailServer extends ChannelReceiver, AsyncDisposable {
  readonly port: number
}

const SLOW_MS = 400
const SHARE = 1_000_000

/** A mail server of this process, which notes every message with the id in its Message-ID. @param seed of its behaviour */
export async function startMailServer(seed: number): Promise<MailServer> {
  const random = xorshift128plus(seed)
  const calls: ChannelCall[] = []
  const strange: string[] = []
  let trouble: MailTrouble = {}
  const stalls = watchStalls()
  const draw = () => drawBehaviour(random, trouble)
  /** Of the message under way, by its session. */
  const drawn = new WeakMap<SMTPServerSession, Behaviour>()
  const closeConnection = ({ id }: SMTPServerSession) => {
    for (const connection of listener.connections())
      if ((connection as unknown as { id: string }).id === id) connection.close()
  }

  const create = () =>
    new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      logger: false,
      onMailFrom(_address, session, callback) {
        const behaviour = draw()
        drawn.set(session, behaviour)
        callback(behaviour === 'sender' ? smtpError(550, '5.1.8 Sender refused') : null)
      },
      onRcptTo(_address, session, callback) {
        const behaviour = drawn.get(session)
        if (behaviour === 'cut-before') return closeConnection(session)
        callback(RECIPIENT_REFUSALS[behaviour ?? 'ok'] ?? null)
      },
      onData(stream, session, callback) {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          const behaviour = drawn.get(session) ?? 'ok'
          const refusal = MESSAGE_REFUSALS[behaviour]
          note(Buffer.concat(chunks).toString(), session, refusal === undefined)
          if (behaviour === 'cut-after') return closeConnection(session)
          setTimeout(() => callback(refusal ?? null), behaviour === 'slow' ? SLOW_MS : 0)
        })
      },
    })

  const note = (source: string, { envelope }: SMTPServerSession, accepted: boolean) => {
    const msgId = readMessageId(source)
    if (msgId === undefined) strange.push(source.slice(0, 1000))
    const address = envelope.rcptTo[0]?.address ?? ''
    const when = { atMs: Date.now(), sinceMs: stalls.readableSinceMs() }
    calls.push({ msgId: msgId ?? NaN, address, ...when, accepted, effect: accepted })
  }

  const listener = createListener(create)
  const port = await listener.listen()
  return {
    port,
    async patch(change) {
      const wasDown = trouble.down === true
      trouble = change as MailTrouble
      if (!wasDown && trouble.down) await listener.stop()
      if (wasDown && !trouble.down) await listener.listen()
    },
    async calls() {
      if (strange.length > 0) throw isStrange(strange[0]!)
      return calls
    },
    [Symbol.asyncDispose]: async () => {
      stalls[Symbol.dispose]()
      if (!trouble.down) await listener.stop()
    },
  }
}

/** @returns undefined where an e-mail lacks what every one of Runnel's has */
function readMessageId(source: string): number | undefined {
  const id = /^Message-ID: <runnel-(\d+)@/im.exec(source)?.[1]
  const hasOptOut = /^List-Unsubscribe:\s+<http/im.test(source)
  return id !== undefined && hasOptOut ? Number(id) : undefined
}

function isStrange(source: string): BrokenPromiseError {
  return new BrokenPromiseError(
    `an e-mail names no message in its Message-ID, or no way to opt out: ${source}`,
  )
}

function drawBehaviour(random: Random, { probabilities = {} }: MailTrouble): Behaviour {
  let at = uniformInt(random, 0, SHARE - 1) / SHARE
  for (const behaviour of BEHAVIOURS) {
    at -= probabilities[behaviour] ?? 0
    if (at < 0) return behaviour
  }
  return 'ok'
}

/** Listens, may be stopped, and listens again at the same port. */
function createListener(create: () => SMTPServer) {
  let server: SMTPServer | undefined
  let port = 0
  return {
    connections: () => [...(server?.connections ?? [])],
    /** @returns the port */
    async listen(): Promise<number> {
      server = create()
      server.on('error', () => undefined)
      server.listen(port, '127.0.0.1')
      await once(server.server, 'listening')
      port = (server.server.address() as { port: number }).port
      return port
    },
    async stop(): Promise<void> {
      for (const connection of server?.connections ?? []) connection.close()
      await new Promise<void>((resolve) => void server?.close(() => resolve()))
    },
  }
}

function smtpError(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}

const RECIPIENT_REFUSALS: Readonly<Partial<Record<Behaviour, Error>>> = {
  greylist: smtpError(451, '4.7.1 Greylisted'),
  full: smtpError(452, '4.2.2 Mailbox full'),
  'no-user': smtpError(550, '5.1.1 No such user'),
}

const MESSAGE_REFUSALS: Readonly<Partial<Record<Behaviour, Error>>> = {
  busy: smtpError(451, '4.3.0 Try later'),
  spam: smtpError(554, '5.6.0 Looks like spam'),
}
