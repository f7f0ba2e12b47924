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
import type { StreamSpec } from '../ports.ts'
import { maxBytesFor } from './server-2-9/byte-limit.ts'

const DEDUPLICATION_MS = 120_000
/** Error codes of JetStream. */
const NOT_FOUND = 404
const STREAM_EXISTS_OTHERWISE = 10058

/**
 * Creates or updates; a second process that does the same at the same time finds it done.
 *
 * @param version of the server
 */
export async function ensureStream(
  jsm: JetStreamManager,
  spec: StreamSpec,
  version: string | undefined,
): Promise<StreamInfo> {
  const found = await orMissing(jsm.streams.info(spec.stream))
  const foundLimit = found && { maxBytes: found.config.max_bytes, bytes: found.state.bytes }
  const wanted = {
    subjects: [spec.subject],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    max_bytes: maxBytesFor(version, spec.maxBytes, foundLimit),
    duplicate_window: nanos(DEDUPLICATION_MS),
  }
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
export function serverLife({ info }: NatsConnection): string | undefined {
  return info === undefined || info.cluster ? undefined : `Made by server ${info.server_id}`
}

/**
 * Creates or updates. One that an earlier life of the server has made is made anew: after a kill what it takes for settled
 * need not be so, and it would never deliver that.
 */
export async function ensureDurable(
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
    await requireFresh(jsm, spec)
  } else if (
    found.config.ack_wait !== wanted.ack_wait ||
    found.config.max_ack_pending !== wanted.max_ack_pending ||
    found.config.max_deliver !== wanted.max_deliver
  ) {
    await jsm.consumers.update(spec.stream, spec.durable, wanted)
  }
}

/**
 * Where one process makes a durable while another one deletes it, nats-server 2.9 may give the new one the state of the old,
 * whose files are still there: it takes for settled what the stream holds. Seen after 2 of 12 restarts with two consumers.
 *
 * @throws Error when it has deleted such a one; the next attempt finds no files
 */
async function requireFresh(jsm: JetStreamManager, { stream, durable }: StreamSpec): Promise<void> {
  const { ack_floor } = await jsm.consumers.info(stream, durable)
  // Later than the floor: what was acked up to it is gone from a work queue.
  const { state } = await jsm.streams.info(stream)
  if (state.messages === 0 || ack_floor.stream_seq < state.first_seq) return
  await orMissing(jsm.consumers.delete(stream, durable))
  throw new Error('The durable has got the state of the one before it')
}

/** @returns undefined where there is no such thing */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
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
export function isDefinite(error: unknown): boolean {
  const code = apiErrorOf(error)?.code
  return code !== undefined && code < 500 && code !== NOT_FOUND
}
