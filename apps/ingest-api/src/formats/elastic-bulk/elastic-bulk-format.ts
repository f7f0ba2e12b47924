import type { AppError } from '@runnel/contracts'
import { inSlices } from '@runnel/runtime'
import { Type } from 'typebox'
import type { RejectedItem, WireAnswer, WireFailure, WireFormat, WireRoute } from '../../wire-format.ts'
import { answerText } from '../shared/answer-text.ts'
import { answerBulk, answerItems, byIndex, toItemFailure, type ItemFailure } from './answer-bulk.ts'
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
  refusesByItem: true,
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
    decode: (bytes, request, limits) => inSlices(readBulk(bytes, indexOf(request), limits)),
  }
}

/**
 * Clients repeat single documents that were answered with 429, and drop all of them where the whole answer is 429. Those that
 * look for the results in the body drop everything where it has no results, unless it is not JSON.
 */
function answerBulkError(failure: WireFailure<BulkContext>): WireAnswer | Promise<WireAnswer> {
  const { error, status, context } = failure
  const passes = status === 429 || status === 503
  if (context !== undefined && (passes || status === 422))
    return inSlices(writeFailures(error, passes, context))
  if (!passes) return answerFailure(status, error)
  const { headers, ...answer } = answerText(503, `${error.code}: ${error.message}`)
  return { ...answer, headers: { ...PRODUCT, ...headers } }
}

/** A result for each item of a request that failed as a whole, or in part. */
function* writeFailures(
  { code, message, details }: AppError,
  passes: boolean,
  context: BulkContext,
): Generator<void, WireAnswer> {
  const { accepted = [], rejected = [] } = (details.extra ?? {}) as FailureExtra
  const kept = new Set(accepted)
  const known = yield* byIndex(rejected)
  const other: ItemFailure = passes
    ? { status: 429, problem: { type: typeOf(429), reason: message, code } }
    : toItemFailure({ code, message })
  const failureAt = (index: number) => {
    if (kept.has(index)) return undefined
    const item = known.get(index)
    return item === undefined ? other : toItemFailure(item)
  }
  return yield* answerItems(context, failureAt, () => undefined)
}

/** What an error says of items; see WireFailure. */
interface FailureExtra {
  readonly accepted?: readonly number[]
  readonly rejected?: readonly RejectedItem[]
}
