import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { TailReader } from './tail-reader.ts'

/** Clients of one server, each with a connection of its own. */
export class TailClients {
  #latenciesMs: number[] = []

  /** @throws Error when one of them is refused */
  static async connect(stack: AsyncDisposableStack, url: string, count: number): Promise<TailClients> {
    const clients = new TailClients()
    const agent = new Agent({ maxSockets: Infinity })
    stack.defer(() => agent.destroy())
    await Promise.all(Array.from({ length: count }, () => clients.#open(url, agent)))
    return clients
  }

  /** Lines that all of them together have got since {@link take}. */
  get lines(): number {
    return this.#latenciesMs.length
  }

  /** @returns milliseconds from the making of an entry to its arrival at a client, one for every line since the last time */
  take(): number[] {
    const latenciesMs = this.#latenciesMs
    this.#latenciesMs = []
    return latenciesMs
  }

  async #open(url: string, agent: Agent): Promise<void> {
    const request = get(url, { agent })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    if (response.statusCode !== 200) throw new Error(`${url} answers ${response.statusCode}`)
    // It is cut when the bench ends; lines that are missing before are counted.
    for (const emitter of [request, response]) emitter.on('error', () => {})
    const reader = new TailReader((madeAtMs) => this.#latenciesMs.push(Date.now() - madeAtMs))
    response.setEncoding('utf8').on('data', (piece: string) => reader.take(piece))
  }
}
