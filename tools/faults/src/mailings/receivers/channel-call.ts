/** What a fake gateway, mail server or webhook saw of an attempt to send a message. */
export interface ChannelCall {
  readonly msgId: number
  /** A phone, an e-mail address or a URL. */
  readonly address: string
  readonly atMs: number
  /** It came no earlier than this; before `atMs` where the receiver itself stood still. Default: `atMs`. */
  readonly sinceMs?: number
  /** It was taken, whatever the sender heard of it. */
  readonly accepted: boolean
  /** The person got it: false where a repeat was recognised. */
  readonly effect: boolean
}

/** Receives the messages of a channel, and misbehaves. */
export interface ChannelReceiver {
  /** Changes what it does. @param change of its kind, as {@link nextTrouble} and its like draw it */
  patch(change: object): Promise<void>
  /** Every attempt, in the order in which they came. */
  calls(): Promise<readonly ChannelCall[]>
}
