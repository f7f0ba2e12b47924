import { KEY_REUSED } from '@runnel/contracts'
import type { RejectedItem, SentBody, WireAnswer, WireOutcome } from '../../wire-format.ts'
import type { BulkAction } from './bulk-action.ts'
import { answerJson, typeOf, type ElasticProblem } from './elastic-answer.ts'
import type { BulkContext } from './read-bulk.ts'

/** What is the same in all results of documents that were taken. */
export const CREATED =
  '"_version":1,"result":"created","_shards":{"total":1,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1'

/** A result that is no success. */
export interface ItemFailure {
  readonly status: number
  readonly problem: ElasticProblem
}

/** The results of all items, in the order of the request. */
export function answerItems(
  { actions, startMs }: BulkContext,
  failures: ReadonlyMap<number, ItemFailure>,
  idAt: (index: number) => string | undefined,
): WireAnswer {
  const tookMs = Math.round(performance.now() - startMs)
  const items = actions.map((action, i) => {
    const failure = failures.get(i)
    const id = action.id ?? idAt(i)
    return failure === undefined ? writeSuccess(action, id) : writeFailure(action, id, failure)
  })
  return answerJson(200, `{"took":${tookMs},"errors":${failures.size > 0},"items":[${items.join(',')}]}`)
}

/** What became of the documents of a request that the broker keeps. */
export function answerBulk(
  { rejected, details }: WireOutcome,
  { context, events }: SentBody<BulkContext>,
): WireAnswer {
  const failures = failuresOf(rejected)
  for (const { index } of details?.duplicates ?? []) {
    const { operation, id } = context.actions[index]!
    if (operation === 'create' && id !== undefined) failures.set(index, conflict(id))
  }
  const ids = new Map(events.map(({ index, id }) => [index, id]))
  return answerItems(context, failures, (index) => ids.get(index))
}

/** @returns by their places in the request */
export function failuresOf(rejected: readonly RejectedItem[]): Map<number, ItemFailure> {
  return new Map(rejected.map((item) => [item.index, describeRejection(item)]))
}

/** A document that cannot be stored, or whose key names another one. */
export function describeRejection({ code, message, field }: Omit<RejectedItem, 'index'>): ItemFailure {
  const status = code === KEY_REUSED ? 409 : 400
  const reason = field === undefined ? message : `${message}, at ${field}`
  return {
    status,
    problem: { type: status === 409 ? typeOf(409) : 'document_parsing_exception', reason, code },
  }
}

/** Of a document that was stored before. */
export function conflict(id: string): ItemFailure {
  const reason = `[${id}]: version conflict, document already exists (current version [1])`
  return { status: 409, problem: { type: typeOf(409), reason, code: 'conflict' } }
}

function writeSuccess(action: BulkAction, id: string | undefined): string {
  return `{${writeHead(action, id)},${CREATED},"status":201}}`
}

function writeFailure(action: BulkAction, id: string | undefined, { status, problem }: ItemFailure): string {
  return `{${writeHead(action, id)},"status":${status},"error":${JSON.stringify(problem)}}}`
}

function writeHead({ operation, index = '' }: BulkAction, id: string | undefined): string {
  return `"${operation}":{"_index":${JSON.stringify(index)},"_id":${JSON.stringify(id ?? null)}`
}
