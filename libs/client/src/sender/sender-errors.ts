/** The queue is full: the event was not taken. */
export class SenderFullError extends Error {
  override readonly name = 'SenderFullError'
}

/** The sender was closed before: the event was not taken. */
export class SenderClosedError extends Error {
  override readonly name = 'SenderClosedError'
}
