import {
  DiscardPolicy,
  nanos,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamInfo,
} from 'nats'
import type { StreamSpec } from '../ports.ts'
import { apiErrorOf, orMissing } from './api-error.ts'
import { maxBytesFor } from './server-2-9/byte-limit.ts'

const DEDUPLICATION_MS = 120_000
/** Error code of JetStream. */
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
  const { replicas = 0 } = spec
  const wanted = {
    ...(replicas > 0 && { num_replicas: replicas }),
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
    (replicas === 0 || found.config.num_replicas === replicas) &&
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
