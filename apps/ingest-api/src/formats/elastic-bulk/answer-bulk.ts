import { KEY_REUSED } from '@runnel/contracts'
import { inSlices } from '@runnel/runtime'
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

/** Items between two pauses. */
const STEP_ITEMS = 500

/**
 * The results of all items, in the order of the request: of a large one in steps, to be interrupted at will.
 *
 * @param failureAt undefined for a success
 * @param idAt asked for each place in turn, for the id of a document that its client left to the server
 */
export function* answerItems(
  { actions, startMs }: BulkContext,
  failureAt: (index: number) => ItemFailure | undefined,
  idAt: (index: number) => string | undefined,
): Generator<void, WireAnswer> {
  const parts: Buffer[] = []
  const headOf = createHeads()
  let hasErrors = false
  for (let from = 0; from < actions.length; from += STEP_ITEMS) {
    const items = actions.slice(from, from + STEP_ITEMS).map((action, i) => {
      const failure = failureAt(from + i)
      const ownId = idAt(from + i)
      const id = action.id === undefined ? writeOwnId(ownId) : JSON.stringify(action.id)
      const head = `${headOf(action)}${id}`
      hasErrors ||= failure !== undefined
      return failure === undefined ? writeSuccess(head) : writeFailure(head, failure)
    })
    parts.push(Buffer.from(`${from === 0 ? '' : ','}${items.join(',')}`))
    yield
  }
  const head = `{"took":${Math.round(performance.now() - startMs)},"errors":${hasErrors},"items":[`
  return answerJson(200, Buffer.concat([Buffer.from(head), ...parts, Buffer.from(']}')]))
}

/** What became of the documents of a request that the broker keeps. */
export function answerBulk(
  outcome: WireOutcome,
  sent: SentBody<BulkContext>,
): WireAnswer | Promise<WireAnswer> {
  return inSlices(writeResults(outcome, sent))
}

function* writeResults(
  { rejected, details }: WireOutcome,
  { context, events }: SentBody<BulkContext>,
): Generator<void, WireAnswer> {
  const known = yield* byIndex(rejected)
  const duplicates = yield* byIndex(details?.duplicates ?? [])
  const failureAt = (index: number) => {
    const { operation, id } = context.actions[index]!
    if (operation === 'create' && id !== undefined && duplicates.has(index)) return conflict(id)
    const item = known.get(index)
    return item && toItemFailure(item)
  }
  let next = 0
  const idAt = (index: number) => (events[next]?.index === index ? events[next++]!.id : undefined)
  return yield* answerItems(context, failureAt, idAt)
}

/** Items by their places in the request. */
export function* byIndex<Item extends { readonly index: number }>(
  items: readonly Item[],
): Generator<void, ReadonlyMap<number, Item>> {
  const found = new Map<number, Item>()
  for (const item of items) {
    found.set(item.index, item)
    if (found.size % STEP_ITEMS === 0) yield
  }
  return found
}

/** A document that cannot be stored, or whose key names another one. */
export function toItemFailure({ code, message, field }: Omit<RejectedItem, 'index'>): ItemFailure {
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

function writeSuccess(head: string): string {
  return `${head},${CREATED},"status":201}}`
}

function writeFailure(head: string, { status, problem }: ItemFailure): string {
  return `${head},"status":${status},"error":${JSON.stringify(problem)}}}`
}

/** Ids of Runnel hold nothing that JSON escapes. */
function writeOwnId(id: string | undefined): string {
  return id === undefined ? 'null' : `"${id}"`
}

/** @returns what a result begins with, up to its id: written once for neighbours of one action */
function createHeads(): (action: BulkAction) => string {
  let last: BulkAction | undefined
  let head = ''
  return (action) => {
    if (action === last) return head
    last = action
    const { operation, index = '' } = action
    return (head = `{"${operation}":{"_index":${JSON.stringify(index)},"_id":`)
  }
}
