import { orAborted, pause } from '@runnel/runtime'
import { BatchPump } from '../batch-pump.ts'
import { PublishUnknownError } from '../publish-errors.ts'
import { logHandlerError } from '../log-handler-error.ts'
import type { MessagingLog } from '../messaging-log.ts'
import type { Backlog, ConsumeOptions, Consumer } from '../ports.ts'
import type { Link } from './link.ts'
import { NatsMessage, type Settle } from './nats-message.ts'
import { Pull } from './pull.ts'
import { StallWatch } from './server-2-9/stall-watch.ts'
import type { StreamKeeper } from './stream-keeper.ts'
import { sweep } from './server-2-9/sweep.ts'

export interface NatsConsumerOptions {
  readonly link: Link
  readonly keeper: StreamKeeper
  readonly log: MessagingLog
  readonly sweepEveryMs: number
  readonly onSweep: (swept: { stream: string; messages: number }) => void
}

const RETRY_MS = 200

/** A durable pull consumer of JetStream. */
export class NatsConsumer implements Consumer {
  readonly #options: NatsConsumerOptions

  constructor(options: NatsConsumerOptions) {
    this.#options = options
  }

  async run(options: ConsumeOptions): Promise<void> {
    const { keeper, log, link } = this.#options
    const { stream, ackWaitMs } = keeper.spec
    const stop = AbortSignal.any([options.signal, link.closing])
    let pull: Pull | undefined
    const pump = new BatchPump({
      ...options,
      keepAliveMs: ackWaitMs / 3,
      onRoom: () => pull?.want(),
      onHandlerError: logHandlerError(log, stream, stop),
    })
    const sweeping = this.#sweepEvery(pump, stop)
    while (!stop.aborted) {
      if (!(await this.#isEnsured(stop))) continue
      pull = this.#pull(pump, stop)
      const why = await pull?.ended
      if (why === 'aborted') break
      if (why !== undefined) log.warn({ stream, why }, 'Consuming was interrupted')
      if (why === 'gone') await pull?.close()
      await pause(RETRY_MS, stop)
    }
    const handled = pump.stop()
    await pull?.close()
    await Promise.all([handled, sweeping])
  }

  /** @returns undefined when the connection broke since the stream was ensured */
  #pull(pump: BatchPump, signal: AbortSignal): Pull | undefined {
    const { link, keeper, log } = this.#options
    if (link.nc === undefined) return undefined
    try {
      return new Pull({ nc: link.nc, link, spec: keeper.spec, pump, signal, log, toMessage: this.#toMessage })
    } catch (error) {
      log.debug({ stream: keeper.spec.stream, err: error }, 'The connection broke before the first pull')
      return undefined
    }
  }

  async backlog(): Promise<Backlog> {
    const { link, keeper } = this.#options
    const { stream, durable } = keeper.spec
    if (link.nc === undefined) throw new PublishUnknownError('The broker is away')
    try {
      const jsm = await keeper.manager(link.nc)
      const [consumer, info] = await Promise.all([
        jsm.consumers.info(stream, durable),
        jsm.streams.info(stream),
      ])
      return {
        pending: consumer.num_pending,
        ackPending: consumer.num_ack_pending,
        messages: info.state.messages,
        bytes: info.state.bytes,
      }
    } catch (error) {
      throw new PublishUnknownError('The broker does not tell its backlog', error)
    }
  }

  readonly #toMessage = (msg: ConstructorParameters<typeof NatsMessage>[0]) =>
    new NatsMessage(msg, this.#options.keeper.live, this.#settle)

  /** An ack that cannot be sent is dropped: the message comes again after the ack wait. */
  readonly #settle: Settle = (message, reply, payload) => {
    const { link, keeper } = this.#options
    if (message.life === undefined || message.life !== keeper.live) return
    try {
      link.nc?.publish(reply, payload)
    } catch (error) {
      this.#options.log.debug({ stream: message.stream, err: error }, 'An acknowledgement was not sent')
    }
  }

  /** Waits while the broker is away. After a reconnect the keeper is at it already: then this joins. */
  async #isEnsured(stop: AbortSignal): Promise<boolean> {
    const { keeper, log } = this.#options
    try {
      await orAborted(keeper.ensure(), stop)
      return !stop.aborted && keeper.live !== undefined
    } catch (error) {
      if (!stop.aborted)
        log.error({ stream: keeper.spec.stream, err: error }, 'The stream cannot be consumed')
      await pause(10 * RETRY_MS, stop)
      return false
    }
  }

  /** Several processes sweep the same queue: at odd times, so that mostly one acts and the others see a new durable. */
  async #sweepEvery(pump: BatchPump, stop: AbortSignal): Promise<void> {
    const { link, keeper, log, onSweep, sweepEveryMs } = this.#options
    const { stream, ackWaitMs } = keeper.spec
    const watch = new StallWatch(ackWaitMs)
    for (;;) {
      await pause(sweepEveryMs * (0.5 + Math.random()), stop)
      if (stop.aborted) return
      // Without PostgreSQL, for example, messages wait because of this process or one like it.
      if (link.nc === undefined || pump.longestMs() > ackWaitMs) {
        watch.forget()
        continue
      }
      try {
        const messages = await sweep(await keeper.manager(link.nc), keeper.spec, watch)
        if (messages === 0) continue
        log.warn({ stream, messages }, 'The broker had stopped delivering: all it holds is delivered again')
        onSweep({ stream, messages })
        await keeper.ensure()
      } catch (error) {
        log.debug({ stream, err: error }, 'The sweep failed')
      }
    }
  }
}
