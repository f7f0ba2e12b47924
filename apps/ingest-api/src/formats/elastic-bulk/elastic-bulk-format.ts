import { inSlices } from '@runnel/runtime'
import { Type } from 'typebox'
import type { WireAnswer, WireFailure, WireFormat, WireRoute } from '../../wire-format.ts'
import { answerBulk, answerItems, describeRejection, failuresOf, type ItemFailure } from './answer-bulk.ts'
import { answerFailure, PRODUCT, typeOf } from './elastic-answer.ts'
import { describeElasticRoute, indexOf } from './elastic-routes.ts'
import { readBulk, type BulkContext } from './read-bulk.ts'

const NDJSON = 'application/x-ndjson'

const AnswerSchema = Type.Object({
  took: Type.Integer({ description: 'Milliseconds' }),
  errors: Type.Boolean(),
  items: Type.Array(Type.Unknown(), { description: 'A result for each action, in the order of the request' }),
})

/** Elasticsearch's `_bulk`: documents are logs. */
export const elasticBulk: WireFormat<BulkContext> = {
  name: 'elasticsearch-bulk',
  // Elasticsearch's own names of types stand among the others: what the body is, the address says.
  mediaTypes: [NDJSON, '*'],
  takesLargeBatches: true,
  answersEmpty: true,
  namesEvents: true,
  routes: ['/_bulk', '/:index/_bulk'].flatMap((url) => [bulkRoute('POST', url), bulkRoute('PUT', url)]),
  answer: answerBulk,
  answerError: answerBulkError,
}

function bulkRoute(method: 'POST' | 'PUT', url: string): WireRoute<BulkContext> {
  return {
    method,
    url,
    access: 'logs:write',
    schema: describeElasticRoute({
      url,
      summary: 'Documents as logs, as Elasticsearch takes them',
      consumes: [NDJSON],
      response: { 200: AnswerSchema },
    }),
    decode: (bytes, request, { maxItems }) => inSlices(readBulk(bytes, indexOf(request), maxItems)),
  }
}

/**
 * Clients repeat single documents that were answered with 429, and drop all of them where the whole answer is 429. Those that
 * look for the results in the body drop everything where it has no results, unless it is not JSON.
 */
function answerBulkError({
  error,
  status,
  retryAfterSeconds,
  context,
}: WireFailure<BulkContext>): WireAnswer {
  const passes = status === 429 || status === 503
  if (context !== undefined && (passes || status === 422)) {
    const { accepted, rejected } = error.details.extra ?? {}
    const kept = new Set(accepted as number[] | undefined)
    const known = failuresOf((rejected as Parameters<typeof failuresOf>[0] | undefined) ?? [])
    const { code, message } = error
    const other: ItemFailure = passes
      ? { status: 429, problem: { type: typeOf(429), reason: message, code } }
      : describeRejection({ code, message })
    const failures = context.actions.flatMap((_, i) =>
      kept.has(i) ? [] : [[i, known.get(i) ?? other] as const],
    )
    return answerItems(context, new Map(failures), () => undefined)
  }
  if (!passes) return answerFailure(status, error, undefined)
  return {
    status: 503,
    headers: {
      ...PRODUCT,
      'content-type': 'text/plain; charset=utf-8',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
    body: `${error.code}: ${error.message}\n`,
  }
}
