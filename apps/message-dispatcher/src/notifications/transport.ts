import type { ClaimedNotification } from '@runnel/repositories-mailings'

/** What an attempt to deliver a notification has shown. */
export type TransportResult =
  | { readonly outcome: 'sent' }
  /** It did not arrive; the trouble may pass. */
  | { readonly outcome: 'retry'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  /** It did not arrive, and the receiver will never take it. */
  | { readonly outcome: 'failed'; readonly reason: string }
  /** It may have arrived. */
  | { readonly outcome: 'in_doubt'; readonly reason: string }

interface TransportContext {
  /** To be awaited right before the first byte of the message. @returns false where it must not be sent any more */
  readonly beginTransfer: () => Promise<boolean>
  /** Ends the attempt, wherever it is. */
  readonly signal: AbortSignal
}

/** A way to deliver notifications. */
export interface Transport {
  /** Of one attempt, in milliseconds. */
  readonly timeoutMs: number
  /** The receiver recognises a repeat, so that doubt is no reason not to send again. */
  readonly repeatable: boolean
  /** Never rejects. Ends soon after the signal aborts. */
  send(notification: ClaimedNotification, context: TransportContext): Promise<TransportResult>
}
