import { isUtf8 } from 'node:buffer'
import { AppError, type JsonObject } from '@runnel/contracts'
import { Type } from 'typebox'
import type {
  DecodedBody,
  DecodeLimits,
  RejectedItem,
  WireAnswer,
  WireFailure,
  WireFormat,
  WireHandshake,
  WireOutcome,
  WireRequest,
  WireRoute,
} from '../../wire-format.ts'
import { withoutMark } from '../shared/byte-order-mark.ts'
import { describeProtocol } from '../shared/describe-protocol.ts'
import { numberLines } from '../shared/read-lines.ts'
import { keyOfBody } from '../shared/key-of-body.ts'
import { statusOfFailure } from '../shared/status-of-failure.ts'
import { decodeLines } from './decode-lines.ts'
import { parseLines, type ParsedLine } from './parse-lines.ts'
import { parsePrecision, type Precision } from './precision.ts'

/** Which words an answer uses. */
type InfluxVersion = 1 | 2 | 3

interface VersionRoute {
  readonly url: string
  readonly version: InfluxVersion
  readonly precision: Precision
  readonly tenancy: readonly string[]
}

const ROUTES: readonly VersionRoute[] = [
  { url: '/api/v2/write', version: 2, precision: 9, tenancy: ['org', 'bucket'] },
  { url: '/write', version: 1, precision: 9, tenancy: ['db'] },
  { url: '/api/v3/write_lp', version: 3, precision: 'auto', tenancy: ['db'] },
]

/** Lines that an answer names; the rest is counted. */
const MAX_NAMED = 20

/** InfluxDB's line protocol as its versions 1, 2 and 3 take it: only 204 is a success for clients. */
export const influx: WireFormat<InfluxVersion> = {
  name: 'influx',
  mediaTypes: ['text/plain', '*'],
  takesLargeBatches: true,
  answersEmpty: true,
  routes: ROUTES.map(toRoute),
  handshakes: [
    createHandshake('/ping', 204, undefined),
    createHandshake('/health', 200, {
      ...{ name: 'influxdb', message: 'ready for writes', status: 'pass', checks: [], version: 'runnel' },
    }),
  ],
  answer: (outcome, { context }) => answer(outcome, context),
  answerError,
}

function toRoute(route: VersionRoute): WireRoute<InfluxVersion> {
  return {
    url: route.url,
    access: 'metrics:write',
    schema: describeProtocol({
      tag: 'influx',
      summary: `Line protocol, as InfluxDB ${route.version} takes it`,
      description:
        'Each field is a metric `measurement_field`. Lines that are wrong are named with 400, the others are kept.',
      consumes: ['text/plain'],
      parameters: {
        precision: 'Unit of the times: ns, us, ms or s, in any of the spellings of InfluxDB',
        ...Object.fromEntries(route.tenancy.map((name) => [name, `Becomes the tag ${name}`])),
      },
      response: { 204: Type.Null({ description: 'Every line is kept' }) },
      errors: Type.Object(
        {},
        { additionalProperties: true, description: "An error in InfluxDB's own words" },
      ),
      failures: [400, 413, 503],
    }),
    decode: (bytes, request, limits) => decode(route, bytes, request, limits),
  }
}

function decode(
  { version, precision, tenancy }: VersionRoute,
  bytes: Buffer,
  request: WireRequest,
  limits: DecodeLimits,
): DecodedBody<InfluxVersion> | Promise<DecodedBody<InfluxVersion>> {
  const query = request.query as Readonly<Record<string, unknown>>
  const tags: JsonObject = {}
  for (const name of tenancy) {
    const value = query[name]
    if (typeof value === 'string' && value !== '') tags[name] = value
  }
  return decodeLines(
    isUtf8(bytes) ? parseLines(withoutMark(bytes.toString('utf8'), true)) : parseDamaged(bytes),
    {
      precision: query['precision'] === undefined ? precision : readPrecision(query['precision']),
      tenancy: tags,
      limits,
      bodyKey: () => keyOfBody(request, bytes),
      context: version,
    },
  )
}

/** @throws AppError invalid_field */
function readPrecision(text: unknown): Precision {
  const precision = parsePrecision(String(text))
  if (precision !== undefined) return precision
  throw new AppError('invalid_field', 'The precision is not known', {
    field: 'precision',
    expected: 'ns, us, ms or s',
  })
}

/** Line by line, for a line that is no UTF-8 costs itself: here no text has a line break in it. */
function* parseDamaged(bytes: Buffer): Generator<ParsedLine | undefined> {
  for (const one of numberLines(bytes)) {
    if (one === undefined) yield undefined
    else if (one.line instanceof AppError) yield { number: one.number, line: one.line }
    else for (const parsed of parseLines(one.line)) yield parsed && { ...parsed, number: one.number }
  }
}

function createHandshake(url: string, status: number, body: unknown): WireHandshake {
  return {
    method: 'GET',
    url,
    summary: 'Asked by clients of InfluxDB before they write',
    access: 'public',
    answer: () => ({
      status,
      headers: {
        'x-influxdb-build': 'Runnel',
        'x-influxdb-version': '1.8.0-runnel',
        ...(body !== undefined && { 'content-type': JSON_TYPE }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  }
}

const JSON_TYPE = 'application/json; charset=utf-8'

function answer({ rejected }: WireOutcome, version: InfluxVersion): WireAnswer {
  if (rejected.length === 0) return { status: 204, headers: {}, body: undefined }
  const lines = nameLines(rejected)
  const named = lines.slice(0, MAX_NAMED)
  const left = lines.length - named.length
  const sentences = named.map(({ line, message }) => `line ${line}: ${message}`)
  const message = `partial write: ${sentences.join('; ')}${left > 0 ? `; and ${left} more lines` : ''}`
  const data = named.map((one) => ({ error_message: one.message, line_number: one.line }))
  const error = 'partial write of line protocol occurred'
  return withBody(400, version, message, version === 3 ? { error, data } : undefined)
}

/** One of several fields of a line is enough: from 1, as people count. */
function nameLines(rejected: readonly RejectedItem[]) {
  const byLine = new Map(rejected.map(({ index, message }) => [index + 1, message]))
  return [...byLine].map(([line, message]) => ({ line, message }))
}

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not found',
  413: 'request too large',
  415: 'invalid',
  503: 'unavailable',
}

function answerError(failure: WireFailure<InfluxVersion>): WireAnswer {
  const { error, request } = failure
  const version = ROUTES.find(({ url }) => request.url.startsWith(url))?.version ?? 2
  return withBody(statusOfFailure(failure), version, error.message)
}

function withBody(status: number, version: InfluxVersion, message: string, body?: object): WireAnswer {
  const words = version === 2 ? { code: CODES[status] ?? 'internal error', message } : { error: message }
  return { status, headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(body ?? words) }
}
