import { PublishRefusedError, PublishUnknownError } from '../publish-errors.ts'

/** JetStream's answer to a publish. */
export interface PubAck {
  readonly stream?: string
  readonly seq?: number
  readonly error?: { readonly code: number; readonly err_code?: number; readonly description?: string }
}

/** "Store failed": what a full `discard: new` stream answers (2.9: "maximum bytes exceeded"). A full disk comes under it too. */
const STORE_FAILED = 10077
const NO_SPACE = /no space|disk (is )?full|quota exceeded/i
/** The account's storage or memory is used up (10047, 10028), or that of the server (10023). */
const NO_RESOURCES = new Set([10047, 10028, 10023])
/** Larger than the stream's max_msg_size. */
const TOO_LARGE = 10054

/** @returns what the answer means for the publisher; undefined when the message is stored */
export function publishErrorOf(ack: PubAck): PublishRefusedError | PublishUnknownError | undefined {
  const { error } = ack
  if (error === undefined) {
    return ack.seq === undefined
      ? new PublishUnknownError('The answer of the broker is not a confirmation', ack)
      : undefined
  }
  const code = error.err_code ?? 0
  if (code === STORE_FAILED)
    return new PublishRefusedError(NO_SPACE.test(error.description ?? '') ? 'disk_full' : 'full', error)
  if (NO_RESOURCES.has(code)) return new PublishRefusedError('disk_full', error)
  if (error.err_code === TOO_LARGE) return new PublishRefusedError('too_large', error)
  // 5xx: JetStream is starting, has no leader, is shutting down. It will pass.
  if (error.code >= 500) return new PublishUnknownError('JetStream is not available', error)
  return new PublishRefusedError('rejected', error)
}
