import { orAborted, pause } from '@runnel/runtime'
import { BatchPump } from '../batch-pump.ts'
import { PublishUnknownError } from '../publish-errors.ts'
import { logHandlerError } from '../log-handler-error.ts'
import type { Backlog, ConsumeOptions, Consumer } from '../ports.ts'
import { NatsMessage, type Settle } from './nats-message.ts'
import { Pull } from './pull.ts'
import { sweepStalledQueue, type SweepOptions } from './server-2-9/sweep-stalled-queue.ts'

const RETRY_MS = 200

/** Consuming and sweeping need the same. */
type NatsConsumerOptions = SweepOptions

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
      onFreeCapacity: () => pull?.requestMore(),
      onHandlerError: logHandlerError(log, stream, stop),
    })
    const sweeping = sweepStalledQueue(this.#options, pump, stop)
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
    if (link.connection === undefined) return undefined
    try {
      return new Pull({
        nc: link.connection,
        link,
        spec: keeper.spec,
        pump,
        signal,
        log,
        toMessage: this.#toMessage,
      })
    } catch (error) {
      log.debug({ stream: keeper.spec.stream, err: error }, 'The connection broke before the first pull')
      return undefined
    }
  }

  async backlog(): Promise<Backlog> {
    const { link, keeper } = this.#options
    const { stream, durable } = keeper.spec
    if (link.connection === undefined) throw new PublishUnknownError('The broker is unreachable')
    try {
      const jsm = await keeper.manager(link.connection)
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
      throw new PublishUnknownError('The broker did not report its backlog', error)
    }
  }

  readonly #toMessage = (msg: ConstructorParameters<typeof NatsMessage>[0]) =>
    new NatsMessage(msg, this.#options.keeper.life, this.#settle)

  /** An ack that cannot be sent is dropped: the message comes again after the ack wait. */
  readonly #settle: Settle = (message, reply, payload) => {
    const { link, keeper } = this.#options
    if (message.life === undefined || message.life !== keeper.life) return
    try {
      link.connection?.publish(reply, payload)
    } catch (error) {
      this.#options.log.debug({ stream: message.stream, err: error }, 'An acknowledgement was not sent')
    }
  }

  /** Waits while the broker is unreachable. After a reconnect the keeper ensures the stream already: then this joins. */
  async #isEnsured(stop: AbortSignal): Promise<boolean> {
    const { keeper, log } = this.#options
    try {
      await orAborted(keeper.ensure(), stop)
      return !stop.aborted && keeper.life !== undefined
    } catch (error) {
      if (!stop.aborted)
        log.error({ stream: keeper.spec.stream, err: error }, 'The stream cannot be consumed')
      await pause(10 * RETRY_MS, stop)
      return false
    }
  }
}
