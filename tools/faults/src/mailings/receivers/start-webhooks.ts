import { createHmac } from 'node:crypto'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BrokenPromiseError } from '../../ensure.ts'
import type { ChannelCall, ChannelReceiver } from './channel-call.ts'
import { watchStalls } from './watch-stalls.ts'

/**
 * What a receiver may do. `cut-before`: closes the connection without taking the message. `cut-after`: takes it first. `hang`: takes
 * it, and never answers. `slow`: answers late. Numbers are refusals with that status.
 */
const BEHAVIOURS = ['cut-before', 'cut-after', 'hang', 'slow', '500', '503', '429', '400', '410'] as const

type Behaviour = (typeof BEHAVIOURS)[number] | 'ok'

export interface WebhookTrouble {
  /** How often each of them comes, from 0 to 1; else a receiver takes the message. */
  readonly probabilities?: Readonly<Partial<Record<Behaviour, number>>>
  /** Of so many receivers, the first: they cut every connection. */
  readonly hostsDown?: number
}

export interface Webhooks extends ChannelReceiver, AsyncDisposable {
  /** @returns the address of a client, at one of several receivers */
  urlOf(phone: number): string
  /** Recognises a repeat by its webhook-id. */
  readonly deduplicates: boolean
}

/** Key of the signatures. */
export const WEBHOOK_KEY = Buffer.alloc(32, 'runnel')

/** Receivers, each under an address of its own in 127.0.1.0/24. */
const HOSTS = 20
const SLOW_MS = 400
const SHARE = 1_000_000

/** Receivers of webhooks in this process, which note every call with the id of its message. @param seed of their behaviour */
export async function startWebhooks(seed: number, deduplicates: boolean): Promise<Webhooks> {
  const random = xorshift128plus(seed)
  const calls: ChannelCall[] = []
  const strange: string[] = []
  const taken = new Set<string>()
  let trouble: WebhookTrouble = {}
  const stalls = watchStalls()

  const draw = (host: number): Behaviour => {
    if (host < (trouble.hostsDown ?? 0)) return 'cut-before'
    let at = uniformInt(random, 0, SHARE - 1) / SHARE
    for (const behaviour of BEHAVIOURS) {
      at -= trouble.probabilities?.[behaviour] ?? 0
      if (at < 0) return behaviour
    }
    return 'ok'
  }

  const receive = ({ url, headers, socket }: IncomingMessage, body: string, response: ServerResponse) => {
    const address = `http://${headers.host}${url}`
    const behaviour = draw(Number(headers.host?.split('.')[3]?.split(':')[0] ?? 0) - 1)
    const accepted = TAKEN.has(behaviour)
    const id = String(headers['webhook-id'])
    const { id: msgId } = JSON.parse(body) as { id: number }
    if (!isSigned(headers, body) || id !== `message-${msgId}`) strange.push(`${address} ${body}`)
    const effect = accepted && !(deduplicates && taken.has(id))
    if (accepted) taken.add(id)
    calls.push({ msgId, address, atMs: Date.now(), sinceMs: stalls.readableSinceMs(), accepted, effect })
    if (behaviour === 'hang') return
    if (behaviour.startsWith('cut')) return void socket.destroy()
    const status = /^\d/.test(behaviour) ? Number(behaviour) : 200
    const wait = status === 429 ? { 'retry-after': '1' } : {}
    setTimeout(() => response.writeHead(status, wait).end(), behaviour === 'slow' ? SLOW_MS : 0)
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => undefined)
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => receive(request, Buffer.concat(chunks).toString(), response))
  }).listen(0, '0.0.0.0')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    deduplicates,
    urlOf: (phone) => `http://127.0.1.${(phone % HOSTS) + 1}:${port}/hook/${phone}`,
    async patch(change) {
      trouble = change as WebhookTrouble
    },
    async calls() {
      if (strange.length > 0)
        throw new BrokenPromiseError(`a call of a webhook is not signed, or names no message: ${strange[0]}`)
      return calls
    },
    async [Symbol.asyncDispose]() {
      stalls[Symbol.dispose]()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const TAKEN: ReadonlySet<Behaviour> = new Set(['ok', 'slow', 'hang', 'cut-after'])

/** By the rules of Standard Webhooks, without the library that signs. */
function isSigned(headers: IncomingMessage['headers'], body: string): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return (
    headers['webhook-signature'] === `v1,${createHmac('sha256', WEBHOOK_KEY).update(signed).digest('base64')}`
  )
}
