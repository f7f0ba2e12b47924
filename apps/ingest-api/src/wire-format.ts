import type { AppError, EventOperation, JsonValue, Kind, Scope } from '@runnel/contracts'
import type { RouteAccess } from '@runnel/http'
import type { FastifyRequest, FastifySchema, HTTPMethods } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import type { Inflate } from './body/inflate.ts'
import type { EventTexts } from './written-texts.ts'

/**
 * One way in which clients send events over HTTP and expect an answer. Everything that differs between two protocols is a
 * member of this type: a format is added by a folder of its own and a line in formats/default-formats.ts.
 *
 * What all formats share happens outside of it: limits and budget of bodies, Content-Encoding, admission of each event,
 * ids, idempotency keys, and the wait for the broker.
 *
 * @typeParam Context what `decode` finds out and the answer needs. It is kept until the broker has confirmed the events,
 * so that it should hold no events
 */
export interface WireFormat<Context = unknown> {
  /** Of one format alone: the label `format` of metrics, the tag of handshakes at /docs, and for errors at start. */
  readonly name: string
  /** Several formats may share a route: media type and `recognises` then distinguish them. */
  readonly routes: readonly WireRoute<Context>[]
  /**
   * Lower case, without parameters. `*` takes every type that no other format of the route names. A request without a
   * content type is read by the first format of its route.
   */
  readonly mediaTypes: readonly string[]
  /** Content-Encodings beside gzip, deflate, br and zstd, in lower case; they stop at the limit that they are given. */
  readonly encodings?: ReadonlyMap<string, Inflate>
  /**
   * Bodies may hold LARGE_BATCH_LIMIT_ITEMS events, for clients that fill batches by bytes and drop what is refused. Default:
   * false, BATCH_LIMIT_ITEMS.
   */
  readonly takesLargeBatches?: boolean
  /**
   * Bodies may be as large as LARGE_BODY_LIMIT_BYTES, and hold LARGE_BATCH_LIMIT_ITEMS events, for clients that send a refused
   * body again forever. Formats that share a route agree on it. Default: false.
   */
  readonly takesLargeBodies?: boolean
  /**
   * How a body without a single good event ends. False: with the error empty_batch or nothing_accepted. True: with an
   * answer that counts zero events, for clients that would repeat a refused body forever. Default: false.
   */
  readonly answersEmpty?: boolean
  /**
   * What is over the quota of a key is answered with a result for each item: the body is read for that, and `answerError` gets its context.
   * Formats that share a route agree on it. Default: false, the request is refused before its body.
   */
  readonly refusesByItem?: boolean
  /** The answer names the events: {@link SentBody.events} is filled. Default: false. */
  readonly namesEvents?: boolean
  /** Requests that clients make before they send events, such as a version or a ping. */
  readonly handshakes?: readonly WireHandshake[]

  /** Default: true. Asked in the order of registration, of formats that share a route and a media type. */
  recognises?(bytes: Buffer, headers: IncomingHttpHeaders): boolean
  /**
   * The Content-Encoding of a body that came without one, for clients that compress without saying so.
   *
   * @returns undefined for a plain body
   */
  encodingOf?(bytes: Buffer): string | undefined
  /** Answers events that are safe. What is long is written in slices: an answer may not stop the process either. */
  answer(outcome: WireOutcome, sent: SentBody<Context>): WireAnswer | Promise<WireAnswer>
  /**
   * Answers what went wrong, wherever that was: a malformed or too large body, a full queue, an unreachable broker.
   * Without this method: application/problem+json. Retry-After is added to 429 and 503.
   */
  answerError?(failure: WireFailure<Context>): WireAnswer | Promise<WireAnswer>
}

export interface WireRoute<Context = unknown> {
  readonly url: string
  /** Default: POST. */
  readonly method?: HTTPMethods
  /** What a key needs: `write` of each kind that a body may hold. Formats that share a route ask for the same. */
  readonly access: Scope | readonly Scope[]
  /**
   * How the route is shown at /docs, and what its parameters must be; the body is never checked by it. Where formats
   * share a route, that of the first one counts. Its `querystring` has `waitParameter`: `?wait=stored` works with every format.
   */
  readonly schema: FastifySchema
  /**
   * @param bytes the body, with its Content-Encoding undone
   * @throws AppError of the body as a whole
   */
  decode(
    bytes: Buffer,
    request: WireRequest,
    limits: DecodeLimits,
  ): DecodedBody<Context> | Promise<DecodedBody<Context>>
}

/** What a format may look at beside the body. */
export type WireRequest = Pick<FastifyRequest, 'headers' | 'query' | 'params' | 'url'>

export interface DecodeLimits {
  /** Events that the body may hold: reading may end beyond them, the body is refused anyway. */
  readonly maxItems: number
  /** Bytes that the body may have, for formats with a compression of their own. */
  readonly bodyLimitBytes: number
  /** Bytes that one event may have: what is larger is refused anyway, and need not be parsed. */
  readonly eventLimitBytes: number
  /** Characters that the texts of all events may come to: what a body writes once, each of them has. */
  readonly textsLimitChars: number
}

/**
 * What a body holds: events as JSON texts, most of which have not been parsed yet. Lists beside `texts` are parallel to it.
 */
export interface DecodedBody<Context = unknown> {
  /**
   * `single`: one event; what is wrong with it is the error of the request. `document`: a batch that is JSON as a whole, or
   * not at all. `records`: a batch in which a text that is no JSON costs only itself.
   */
  readonly form: 'single' | 'document' | 'records'
  /** Of all events, or of each. */
  readonly kinds: Kind | readonly Kind[]
  readonly texts: EventTexts
  /** What the texts say, where that was cheaper to find out at once; undefined of one that is yet to be read. */
  readonly values?: readonly (JsonValue | undefined)[]
  /**
   * Which texts are events that are known to be good, and have no key of their own: those are not read at admission. Where it is missing, none
   * is.
   */
  readonly plain?: readonly boolean[]
  /** The client's number of each item, where that is not its place in `texts`: one item may become several events. */
  readonly indexes?: readonly number[]
  /** What each event does; `upsert` where it is undefined. Products alone can be deleted. */
  readonly operations?: readonly (EventOperation | undefined)[]
  /** Idempotency key of each event, where it has one; a member `eventId` of the event goes before it. */
  readonly keys?: readonly (string | undefined)[]
  /** Stands in for a missing Idempotency-Key, where the protocol has names of requests. */
  readonly requestKey?: string
  /**
   * Stands in for both: a hash of all that the events were read from. The same key means the same items, so that an event is known by the
   * number of its item, and by how many events of that item stand before it.
   */
  readonly bodyKey?: string
  /** Items that never became an event. */
  readonly rejected?: readonly DecodeRejection[]
  /** `single`: the event cannot be read. It is refused as one that is not admitted is, and counted; see decodeSingle. */
  readonly error?: AppError
  readonly context: Context
}

/** An item that was refused, as an answer names it. */
export interface RejectedItem {
  /** The client's number of it. */
  readonly index: number
  readonly code: string
  readonly message: string
  readonly field?: string
}

export interface DecodeRejection extends RejectedItem {
  /** Under which it is counted. */
  readonly kind: Kind
}

/** What became of the events of a request. */
export interface WireOutcome {
  /** `ok`: the events are kept. `stored`: the consumer said what became of each of them. */
  readonly status: 'ok' | 'stored'
  /** Events that were accepted. */
  readonly accepted: number
  readonly rejected: readonly RejectedItem[]
  /** With `stored`: of the accepted events, those of which there is more to say. */
  readonly details?: StoredDetails
  /** With `stored`: a place in the log of PostgreSQL behind all of it. */
  readonly position?: string
}

/** What an answer about rows says beside their number. Items are named by the client's numbers. */
export interface StoredDetails {
  /** Products: the event is kept, but the product has a newer state than what it says. */
  readonly superseded: readonly number[]
  /** Not stored: an event with the same key was stored before, under the id given here. */
  readonly duplicates: readonly { readonly index: number; readonly eventId: string }[]
  /** Products that were sent without an id. */
  readonly products: readonly { readonly index: number; readonly id: number }[]
}

/** What is kept of a body whose events are with the broker. */
export interface SentBody<Context = unknown> {
  readonly context: Context
  /** The admitted events in order; empty unless the format names events. */
  readonly events: readonly { readonly index: number; readonly id: string }[]
}

/**
 * What went wrong with a request, for an answer in the words of its protocol.
 *
 * @public
 */
export interface WireFailure<Context = unknown> {
  /** `details.extra` has `rejected` of a body in which nothing is right, and `accepted`, the indexes, of partly_accepted. */
  readonly error: AppError
  /** As Runnel's own routes would answer; a client that drops data on it needs another one. */
  readonly status: number
  readonly request: WireRequest
  /** Undefined where the body could not be decoded. */
  readonly context: Context | undefined
}

export interface WireAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined for an empty body. */
  readonly body: string | Buffer | undefined
}

/**
 * A request that clients make before they send events, and its answer.
 *
 * @public
 */
export interface WireHandshake {
  readonly method: HTTPMethods
  readonly url: string
  readonly summary: string
  /** Clients send their key here too: `signed-in` unless the protocol has it otherwise. */
  readonly access: RouteAccess
  /** @param body as it was received; empty where there was none */
  answer(request: WireRequest, body: Buffer): WireAnswer
}
