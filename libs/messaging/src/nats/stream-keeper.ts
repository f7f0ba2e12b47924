import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  nanos,
  NatsError,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type NatsConnection,
  type StreamInfo,
} from 'nats'
import type { MessagingLog } from '../log.ts'
import { pause } from '../pause.ts'
import type { StreamSpec } from '../ports.ts'
import type { Link } from './link.ts'

const API_TIMEOUT_MS = 3_000
const RETRY_MS = 250
const DEDUPLICATION_MS = 120_000
/** Error codes of JetStream. */
const NOT_FOUND = 404
const STREAM_EXISTS_OTHERWISE = 10058

/** Keeps one stream and its durable in existence: after every connect, and whenever they are found missing. */
export class StreamKeeper {
  readonly #link: Link
  readonly #log: MessagingLog
  #spec: StreamSpec
  #running: { readonly spec: StreamSpec; readonly done: Promise<void> } | undefined
  #live: string | undefined

  constructor(link: Link, spec: StreamSpec, log: MessagingLog) {
    this.#link = link
    this.#spec = spec
    this.#log = log
    link.onDown(() => (this.#live = undefined))
    link.onUp(() => this.ensureSoon())
  }

  get spec(): StreamSpec {
    return this.#spec
  }

  /** Takes changed limits; the next ensure() applies them. */
  use(spec: StreamSpec): this {
    this.#spec = spec
    return this
  }

  /**
   * Which life of the stream this connection speaks to: its server, which has another id after each start, and the creation
   * time, while it is known to exist. A message may only be acked in the life that it came from. Sequences start anew in a
   * stream that was created again, and after `kill -9` nats-server 2.9 gives the last ones out once more: the ack would
   * remove another message, which nobody has seen.
   */
  get live(): string | undefined {
    return this.#live
  }

  /** Ensures in the background; failures are logged. */
  ensureSoon(): void {
    this.ensure().catch((error: unknown) => {
      if (this.#link.closing.aborted) return
      this.#log.error({ stream: this.spec.stream, err: error }, 'The broker refuses the stream')
    })
  }

  /**
   * Resolves when stream and durable exist as specified; waits while the broker is away.
   *
   * @throws when the broker refuses them for good, or when the link is closed
   */
  ensure(): Promise<void> {
    const spec = this.#spec
    if (this.#running?.spec === spec) return this.#running.done
    // One after the other, so that the last specification is the one that stays.
    const before = this.#running?.done.catch(() => undefined) ?? Promise.resolve()
    const done = before
      .then(() => this.#ensure(spec))
      .finally(() => {
        if (this.#running?.done === done) this.#running = undefined
      })
    this.#running = { spec, done }
    return done
  }

  /** @throws NatsError when the server does not answer */
  async manager(nc: NatsConnection): Promise<JetStreamManager> {
    return nc.jetstreamManager({ checkAPI: false, timeout: API_TIMEOUT_MS })
  }

  async #ensure(spec: StreamSpec): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const nc = await this.#link.whenUp()
      if (nc === undefined) throw new Error('The connection to the broker was closed')
      try {
        const jsm = await this.manager(nc)
        const info = await ensureStream(jsm, spec)
        await ensureDurable(jsm, spec, serverLife(nc))
        if (nc === this.#link.nc) this.#live = `${nc.info?.server_id} ${info.created}`
        return
      } catch (error) {
        if (isDefinite(error)) throw error
        if (attempt % 20 === 1) {
          this.#log.warn({ stream: spec.stream, err: error }, 'The stream cannot be ensured yet')
        }
        await pause(RETRY_MS, this.#link.closing)
      }
    }
  }
}

/** Creates or updates; a second process that does the same at the same time finds it done. */
async function ensureStream(jsm: JetStreamManager, spec: StreamSpec): Promise<StreamInfo> {
  const wanted = {
    subjects: [spec.subject],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_bytes: spec.maxBytes,
    duplicate_window: nanos(DEDUPLICATION_MS),
  }
  const found = await orMissing(jsm.streams.info(spec.stream))
  if (found === undefined) {
    try {
      return await jsm.streams.add({ name: spec.stream, ...wanted })
    } catch (error) {
      if (apiErrorOf(error)?.err_code !== STREAM_EXISTS_OTHERWISE) throw error
    }
  } else if (
    found.config.max_bytes === wanted.max_bytes &&
    found.config.duplicate_window === wanted.duplicate_window &&
    found.config.discard === wanted.discard &&
    found.config.retention === wanted.retention &&
    found.config.subjects.join() === wanted.subjects.join()
  ) {
    return found
  }
  return jsm.streams.update(spec.stream, wanted)
}

/**
 * What a durable says of the server that it was made by; undefined in a cluster, where each process may speak to another
 * one.
 */
function serverLife({ info }: NatsConnection): string | undefined {
  return info === undefined || info.cluster ? undefined : `Made by server ${info.server_id}`
}

/**
 * Creates or updates. One that an earlier life of the server has made is made anew: after a kill what it takes for settled
 * need not be so, and it would never deliver that.
 */
async function ensureDurable(
  jsm: JetStreamManager,
  spec: StreamSpec,
  description: string | undefined,
): Promise<void> {
  const wanted = {
    ...(description !== undefined && { description }),
    ack_wait: nanos(spec.ackWaitMs),
    max_ack_pending: spec.maxInFlight,
    max_deliver: -1,
  }
  let found = await orMissing(jsm.consumers.info(spec.stream, spec.durable))
  if (found !== undefined && description !== undefined && found.config.description !== description) {
    await orMissing(jsm.consumers.delete(spec.stream, spec.durable))
    found = undefined
  }
  if (found === undefined) {
    await jsm.consumers.add(spec.stream, {
      durable_name: spec.durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      replay_policy: ReplayPolicy.Instant,
      ...wanted,
    })
  } else if (
    found.config.ack_wait !== wanted.ack_wait ||
    found.config.max_ack_pending !== wanted.max_ack_pending ||
    found.config.max_deliver !== wanted.max_deliver
  ) {
    await jsm.consumers.update(spec.stream, spec.durable, wanted)
  }
}

async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (apiErrorOf(error)?.code === NOT_FOUND) return undefined
    throw error
  }
}

function apiErrorOf(error: unknown) {
  return error instanceof NatsError ? error.api_error : undefined
}

/** A no of JetStream itself, other than "not now" and than a race with somebody who deletes. */
function isDefinite(error: unknown): boolean {
  const code = apiErrorOf(error)?.code
  return code !== undefined && code < 500 && code !== NOT_FOUND
}
