import type { ManagedProcess } from '@runnel/testing'
import { pause } from '@runnel/runtime'

interface Answered {
  readonly status: number
  readonly code: string | undefined
}

export interface IssuedKey {
  readonly id: string
  readonly key: string
}

/** Makes, rotates and revokes keys as a person with the admin key does. */
export class KeyAdmin {
  readonly #url: string
  readonly #adminKey: string

  constructor(dispatcher: ManagedProcess, adminKey: string) {
    this.#url = `${dispatcher.url}/api/v1/keys`
    this.#adminKey = adminKey
  }

  create(): Promise<IssuedKey> {
    return this.#post('', { name: 'a sender', scopes: ['logs:write', 'logs:read'] })
  }

  rotate(id: string): Promise<IssuedKey> {
    return this.#post(`/${id}/rotate`, { overlapSeconds: 600 })
  }

  revoke(id: string): Promise<unknown> {
    return this.#post(`/${id}/revoke`, {})
  }

  async #post(path: string, body: object): Promise<IssuedKey> {
    const headers = { authorization: `Bearer ${this.#adminKey}`, 'content-type': 'application/json' }
    const answer = await fetch(this.#url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as IssuedKey
  }
}

/** A body that is refused once the key was accepted, before anything waits for a server. */
export const BROKEN = '{'

/** Sends one log entry. The status 503 with `broker_unavailable` means, too, that the key was accepted. */
export async function send(
  { url }: ManagedProcess,
  key: string,
  body = '{"message":"hello"}',
): Promise<Answered> {
  const answer = await fetch(`${url}/api/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body,
  })
  const { code } = (await answer.json()) as { code?: string }
  return { status: answer.status, code }
}

const REFUSALS = new Set(['unauthenticated', 'key_revoked', 'key_expired', 'access_unavailable'])

export function isAccepted({ code }: Answered): boolean {
  return code === undefined || !REFUSALS.has(code)
}

/** Sends with a key to every replica, one request after the other at each, until it is stopped. */
export class Load {
  readonly #stop = new AbortController()
  readonly #running: Promise<unknown>
  /** Codes of what was not accepted, with their number. */
  readonly refused = new Map<string, number>()
  sent = 0
  /** When the last request was sent that was accepted: monotonic milliseconds. */
  lastAcceptedMs = -Infinity

  constructor(replicas: readonly ManagedProcess[], key: () => string) {
    this.#running = Promise.all(replicas.map((replica) => this.#run(replica, key)))
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(replica: ManagedProcess, key: () => string): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const sentMs = performance.now()
      const answered = await send(replica, key())
      this.sent++
      const { code = '' } = answered
      if (isAccepted(answered)) this.lastAcceptedMs = Math.max(this.lastAcceptedMs, sentMs)
      else this.refused.set(code, (this.refused.get(code) ?? 0) + 1)
      await pause(10, this.#stop.signal)
    }
  }
}
