import { AppError } from '@runnel/contracts'
import { ProblemSchema, type CreateShare, type HttpServer, type RequestCallers } from '@runnel/http'
import { inSlices } from '@runnel/runtime'
import type { FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { QueryLimits } from '../limits.ts'
import { checkParameters } from '../params/check-parameters.ts'
import type { Store } from '../store.ts'
import { ESCAPED_NAMES, PLAIN_NAMES, type LabelNames } from './label-names.ts'
import { parseReadRequest, type ParsedReadRequest } from './parse-read-request.ts'
import { ReadBudget } from './read-budget.ts'
import { readSeries, type ReadSeries } from './read-series.ts'
import { compressParts, encodeSamples, SAMPLES_TYPE } from './samples-response.ts'
import { STREAMED_TYPE, streamFrames } from './streamed-response.ts'

export interface RemoteReadDeps {
  readonly store: Store
  readonly limits: QueryLimits
  readonly callers: RequestCallers
  readonly createShare: CreateShare
}

/** Of a request, as received and again inflated: lists of values in a matcher are long. */
const BODY_LIMIT_BYTES = 1024 * 1024

/** POST /api/v1/read: what a Prometheus needs to answer PromQL over Runnel's metrics. */
export async function addRemoteReadRoute(app: HttpServer, deps: RemoteReadDeps): Promise<void> {
  const { limits, callers } = deps
  const share = deps.createShare({
    name: 'remote-reads',
    what: 'remote reads',
    permits: limits.remoteReads,
    waiting: limits.queries,
    waitMs: limits.queryWaitMs,
  })
  const compile = app.validatorCompiler!
  await app.register(async (scope: HttpServer) => {
    // Here bodies are bytes.
    scope.removeAllContentTypeParsers()
    const options = { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES } as const
    scope.addContentTypeParser(SAMPLES_TYPE, options, (_request, body, done) => done(null, body))
    scope.post(
      '/api/v1/read',
      {
        config: { access: 'metrics:read' },
        bodyLimit: BODY_LIMIT_BYTES,
        preValidation: checkParameters,
        // The schema of the body is for the documentation alone.
        validatorCompiler: (route) => (route.httpPart === 'body' ? () => true : compile(route)),
        schema: describeRoute(limits),
      },
      async (request, reply) => {
        const names = request.query.names === 'escaped' ? ESCAPED_NAMES : PLAIN_NAMES
        const parsed = parseReadRequest(toBuffer(request.body), BODY_LIMIT_BYTES, names)
        const gone = new AbortController()
        reply.raw.once('close', () => gone.abort(new AppError('too_busy', 'The client has gone')))
        const release = await share.acquire(callers.current())
        const pieces = await prepare(parsed, names, gone.signal, deps).catch((error: unknown) => {
          release()
          throw error
        })
        return sendPieces(reply as FastifyReply, parsed, pieces, release)
      },
    )
  })
}

function describeRoute({ remoteReadSamples, remoteReadSeries }: QueryLimits) {
  return {
    tags: ['metrics'],
    summary: 'Remote read of Prometheus: the series that its selectors find',
    description:
      `A snappy block of \`prometheus.ReadRequest\`; SAMPLES and STREAMED_XOR_CHUNKS. One request may look at ${remoteReadSamples} ` +
      `rows and find ${remoteReadSeries} series.`,
    consumes: [SAMPLES_TYPE],
    body: Type.Unsafe<unknown>({}),
    querystring: Type.Object({
      names: Type.Optional(
        Type.Literal('escaped', {
          description:
            'Names that a Prometheus before 3.0 does not take are written as U__..., and read back from it',
        }),
      ),
    }),
    response: {
      200: Type.Unsafe<unknown>({ description: 'As the accepted response types say' }),
      default: ProblemSchema,
    },
  }
}

/** A request without a body reaches the route as undefined. */
function toBuffer(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

/** One query after the other, all within the same limits. @throws AppError */
async function readAll(
  { queries }: ParsedReadRequest,
  names: LabelNames,
  signal: AbortSignal,
  { store, limits }: RemoteReadDeps,
): Promise<ReadSeries[][]> {
  const budget = new ReadBudget({ rows: limits.remoteReadSamples, series: limits.remoteReadSeries })
  let metricNames: Promise<readonly string[]> | undefined
  const findMetricNames = () => (metricNames ??= store.findMetricNames(limits.remoteReadSeries))
  const results: ReadSeries[][] = []
  for (const query of queries)
    results.push(await readSeries(query, { store, findMetricNames, names, signal, budget }))
  return results
}

/** Reads everything. @returns pieces of the answer, each made when the reader has taken the one before. @throws AppError */
async function prepare(
  parsed: ParsedReadRequest,
  names: LabelNames,
  signal: AbortSignal,
  deps: RemoteReadDeps,
): Promise<Iterable<Buffer>> {
  const results = await readAll(parsed, names, signal, deps)
  const pieces =
    parsed.responseType === 'streamed'
      ? streamFrames(results)
      : compressParts(await inSlices(encodeSamples(results)))
  signal.throwIfAborted()
  return pieces
}

/** What goes wrong from here on goes with the connection. */
function sendPieces(
  reply: FastifyReply,
  { responseType }: ParsedReadRequest,
  pieces: Iterable<Buffer>,
  release: () => void,
): FastifyReply {
  const isStreamed = responseType === 'streamed'
  return reply
    .headers({
      'cache-control': 'no-store',
      'content-type': isStreamed ? STREAMED_TYPE : SAMPLES_TYPE,
      ...(!isStreamed && { 'content-encoding': 'snappy' }),
    })
    .send(Readable.from(pieces, { objectMode: false }).once('close', release))
}
