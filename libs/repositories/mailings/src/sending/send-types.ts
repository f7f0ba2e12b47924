import type { ChannelName, MessageStatus } from '@runnel/contracts'

/** What sending has to know of a mailing; read anew with every block. */
export interface SendMailing {
  readonly id: number
  /** Counts the edits. */
  readonly version: number
  readonly template: string
  /** Template of the subject, where the channel has one. */
  readonly subject?: string
  /** Minutes since local midnight; null: all day. */
  readonly window: { readonly from: number; readonly to: number } | null
  readonly endsAtMs: number
  readonly ratePerSecond: number | null
}

/** A client as it is at this moment. */
export interface SendClient {
  readonly phone: number
  /** Of the mailing's channel, where that is not the gateway; left out where it has none. */
  readonly address?: string
  readonly operatorCode: string
  readonly tag: string
  readonly timeZone: string
  readonly attributes: Readonly<Record<string, unknown>>
  /** By its phone, or by its address of the channel. */
  readonly optedOut: boolean
}

/** A message that is still to be sent, with its client's current fields. */
export interface Recipient {
  readonly messageId: number
  readonly clientId: number
  /** Made so far. */
  readonly attempts: number
  /** How often the gateway has refused it for what it is. */
  readonly refusals: number
  /** Undefined where the client was deleted. */
  readonly client: SendClient | undefined
}

/** Who leases, and for how long. */
interface LeaseRequest {
  /** Shown to people. */
  readonly owner: string
  /** New with every claim: what is leased is known by it. */
  readonly token: string
  readonly leaseMs: number
}

export interface ClaimOptions extends LeaseRequest {
  /** Only mailings that go out by it. Default: the gateway. */
  readonly channel?: ChannelName
  readonly limit: number
  /** Domain time, in milliseconds since 1970. */
  readonly nowMs: number
  /** The longest that an attempt takes: nothing is claimed of a mailing that ends before. */
  readonly sendTimeoutMs: number
  /** Mailings that are to be left alone. */
  readonly avoid?: readonly number[]
  /** Tokens of claims whose answer never came, by which nothing can have been sent. */
  readonly lostTokens?: readonly string[]
}

/** The lease under which a result came about: of a chunk, or of the message's own row in `retry`. */
interface RecordLease {
  readonly token: string
  readonly chunkId?: number
}

/** One attempt, as the audit keeps it. */
export interface AttemptRecord {
  readonly startedAtMs: number
  readonly durationMs: number
  readonly outcome: string
  readonly httpStatus?: number
  readonly gatewayCode?: number
  readonly detail?: string
  /** What was sent, and to whom; left out where that is not to be kept. */
  readonly content?: AttemptContent
}

/** What an attempt has tried to send. */
export interface AttemptContent {
  /** E.164 without the plus sign; left out where it did not go to one. */
  readonly phone?: number
  /** The one that it went to, where that is no phone. */
  readonly address?: string
  /** Rendered. */
  readonly text: string
  /** Rendered, where the channel has one. */
  readonly subject?: string
  /** Of the mailing whose text it is. */
  readonly version: number
}

/** The status that a message gets, and why. */
export interface SendRecord {
  readonly messageId: number
  readonly mailingId: number
  /** For the log. */
  readonly clientId?: number
  readonly to: MessageStatus
  /** Made so far, this one included. */
  readonly attempts?: number
  readonly reason?: string
  readonly dueAtMs?: number
  /** It is tried again, and may have been sent. */
  readonly inDoubt?: boolean
  /** It is tried again, and was refused so often for what it is. */
  readonly refusals?: number
  readonly attempt?: AttemptRecord
  readonly lease: RecordLease
}
