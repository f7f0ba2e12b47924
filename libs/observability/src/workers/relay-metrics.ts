import type { Worker } from 'node:cluster'
import type { Registry } from 'prom-client'
import { addUp } from './share-metrics.ts'
import { toWorkerMessage, type Dump, type WorkerMessage } from './worker-message.ts'

/** A worker that has not given its metrics by then is left out. */
const DUMP_MS = 1000

interface Collection {
  readonly missing: Set<Worker>
  readonly done: () => void
}

/**
 * In the process that starts workers: passes their metrics between them. What one had counted at its last scrape stays in the sums when it has
 * ended, for a counter never goes down.
 */
export class MetricsRelay {
  readonly #workers = new Map<Worker, Dump>()
  readonly #collections = new Map<number, Collection>()
  readonly #own: Registry
  #ended: Dump = []
  #lastId = 0

  /** @param own metrics of this process, which are added */
  constructor(own: Registry) {
    this.#own = own
  }

  add(worker: Worker): void {
    this.#workers.set(worker, [])
    worker.on('message', (received: unknown) => {
      const message = toWorkerMessage(received)
      if (message?.runnel === 'dumped') this.#receive(worker, message.id, message.dump)
      if (message?.runnel === 'collect') void this.#collect(worker, message.id)
    })
    worker.once('exit', () => void this.#remove(worker))
  }

  async #remove(worker: Worker): Promise<void> {
    const last = this.#workers.get(worker) ?? []
    this.#workers.delete(worker)
    for (const id of this.#collections.keys()) this.#settle(worker, id)
    const counted = last.filter(({ type }) => String(type) !== 'gauge')
    const sum = addUp([this.#ended, counted])
    this.#ended = await sum.getMetricsAsJSON()
  }

  #receive(worker: Worker, id: number, dump: Dump): void {
    if (this.#workers.has(worker)) this.#workers.set(worker, dump)
    this.#settle(worker, id)
  }

  #settle(worker: Worker, id: number): void {
    const collection = this.#collections.get(id)
    if (collection?.missing.delete(worker) && collection.missing.size === 0) collection.done()
  }

  async #collect(asking: Worker, askedId: number): Promise<void> {
    const id = ++this.#lastId
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, DUMP_MS)
    this.#collections.set(id, { missing: new Set(this.#workers.keys()), done: resolve })
    for (const worker of this.#workers.keys()) send(worker, { runnel: 'dump', id })
    await promise
    clearTimeout(timer)
    this.#collections.delete(id)
    const dumps = [...this.#workers.values(), this.#ended, await this.#own.getMetricsAsJSON()]
    send(asking, { runnel: 'collected', id: askedId, dumps })
  }
}

function send(worker: Worker, message: WorkerMessage): void {
  if (worker.isConnected()) worker.send(message, () => undefined)
}
