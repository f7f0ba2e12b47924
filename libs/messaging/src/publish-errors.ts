type RefusalReason = 'full' | 'disk_full' | 'too_large' | 'rejected'

/**
 * The broker refused the message; it is not stored. `full`: its stream has reached its byte limit; `disk_full`: the
 * broker, or what stores its messages, has no room on its disk.
 */
export class PublishRefusedError extends Error {
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, cause?: unknown) {
    super(`The broker refused the message: ${reason}`, { cause })
    this.name = 'PublishRefusedError'
    this.reason = reason
  }
}

/** No confirmation came: the message may be stored or not. Publishing it again under the same id is safe. */
export class PublishUnknownError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'PublishUnknownError'
  }
}
