import { AppError, FIRST_TIME_MS, LAST_TIME_MS } from '@runnel/contracts'
import { fromBinary } from '@bufbuild/protobuf'
import { inflateSnappy } from '@runnel/wire/snappy'
import {
  ReadRequestSchema,
  ReadRequest_ResponseType,
  type Query,
  type ReadRequest,
} from '@runnel/wire/prometheus/remote'
import type { LabelNames } from './label-names.ts'
import { createMatcher, requireSmallPatterns, type Matcher } from './matcher.ts'

export const NAME_LABEL = '__name__'

/** One selector over a range. */
export interface ReadQuery {
  /** Milliseconds since 1970, both included. */
  readonly fromMs: number
  readonly throughMs: number
  /** Compared with names as the reader sees them. */
  readonly ofName: readonly Matcher[]
  readonly ofLabels: readonly Matcher[]
}

type ResponseType = 'samples' | 'streamed'

export interface ParsedReadRequest {
  readonly queries: readonly ReadQuery[]
  readonly responseType: ResponseType
}

/** Of all selectors of a request. */
const MAX_MATCHERS = 200
const MAX_QUERIES = 50

/**
 * @param limitBytes of the request once it is inflated
 * @throws AppError bad_encoding | body_too_large | bad_request | invalid_field | too_many_items
 */
export function parseReadRequest(bytes: Buffer, limitBytes: number, names: LabelNames): ParsedReadRequest {
  const { queries, acceptedResponseTypes } = decode(inflateSnappy(bytes, limitBytes))
  const matchers = queries.flatMap((query) => query.matchers)
  if (queries.length > MAX_QUERIES || matchers.length > MAX_MATCHERS) {
    throw new AppError('too_many_items', 'The request asks for too much at once', {
      expected: `at most ${MAX_QUERIES} queries with ${MAX_MATCHERS} matchers`,
    })
  }
  requireSmallPatterns(matchers)
  return {
    queries: queries.map((query) => parseQuery(query, names)),
    responseType: chooseResponse(acceptedResponseTypes),
  }
}

function decode(bytes: Buffer): ReadRequest {
  try {
    return fromBinary(ReadRequestSchema, bytes)
  } catch (error) {
    const details = { expected: 'a message prometheus.ReadRequest' }
    throw new AppError('bad_request', 'The body is no read request of Prometheus', details, error)
  }
}

function parseQuery({ startTimestampMs, endTimestampMs, matchers }: Query, names: LabelNames): ReadQuery {
  const [ofName, ofLabels]: [Matcher[], Matcher[]] = [[], []]
  for (const { name, ...matcher } of matchers) {
    const isOfName = name === NAME_LABEL
    const made = createMatcher({ ...matcher, name: isOfName ? name : names.original(name) })
    ;(isOfName ? ofName : ofLabels).push(made)
  }
  return { fromMs: clamp(startTimestampMs), throughMs: clamp(endTimestampMs), ofName, ofLabels }
}

/** Readers ask for all times with the least and the largest number; the database and a Date hold less. */
function clamp(ms: bigint): number {
  return Math.min(LAST_TIME_MS, Math.max(FIRST_TIME_MS, Number(ms)))
}

/** The first one that is known, as the protocol has it. @throws AppError invalid_field */
function chooseResponse(accepted: ReadRequest['acceptedResponseTypes']): ResponseType {
  if (accepted.length === 0) return 'samples'
  for (const type of accepted) {
    if (type === ReadRequest_ResponseType.SAMPLES) return 'samples'
    if (type === ReadRequest_ResponseType.STREAMED_XOR_CHUNKS) return 'streamed'
  }
  throw new AppError('invalid_field', 'None of the accepted response types is known', {
    field: 'accepted_response_types',
    expected: 'SAMPLES or STREAMED_XOR_CHUNKS',
  })
}
