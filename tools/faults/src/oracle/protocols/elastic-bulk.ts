import type { JsonObject } from '@runnel/contracts'
import type { Outcome } from '../load/judge-answer.ts'
import { contentOf } from '../event-content.ts'
import { judgeFailure, judgeParts, judgeUnreadable, type BusyRule } from './judge-protocol-answer.ts'
import { timeMsOf, type ProtocolAnswer, type ProtocolClient, type ProtocolEvent } from './protocol-client.ts'

const INDEX = 'oracle'

/** As a whole, 429 is the end of a request for the official client: Runnel says it of each document. */
const BUSY: BusyRule = { repeated: [429, 502, 503, 504], allowed: [503] }

/** Of a document: created now, or by an attempt whose answer was lost. */
const TAKEN = [201, 409]
const OPEN = [429, 503]

/** Documents of Elasticsearch's bulk under ids of their own: what is open is sent again alone, as the helpers of clients do. */
export const elasticBulk: ProtocolClient = {
  kind: 'logs',
  path: '/_bulk',
  headers: { 'content-type': 'application/x-ndjson' },
  sendsOpenAlone: true,
  encode: (events) =>
    events
      .flatMap((event) => [actionOf(event), documentOf(event)])
      .reduce((all, line) => `${all}${JSON.stringify(line)}\n`, ''),
  toStored: (event) => ({ _index: INDEX, _id: event.id, ...documentOf(event) }),
  judge,
}

/** Half of what is malformed is an update, which Runnel does not make; the rest has text that cannot be stored. */
function actionOf({ id, isMalformed, seq }: ProtocolEvent): JsonObject {
  const operation = isMalformed && seq % 4 === 1 ? 'update' : 'create'
  return { [operation]: { _index: INDEX, _id: id } }
}

function documentOf(
  event: Pick<ProtocolEvent, 'id' | 'seq'> & { readonly isMalformed?: boolean },
): JsonObject {
  const { text, level, value, hash } = contentOf(event.id)
  return {
    '@timestamp': new Date(timeMsOf(event)).toISOString(),
    message: event.isMalformed ? `${text}\0` : text,
    log: { level },
    'service.name': 'oracle',
    attributes: { oracle: event.id, value, list: [hash[1]!, { deep: text }] },
  }
}

interface BulkAnswer {
  readonly errors?: boolean
  readonly items?: readonly Readonly<Record<string, { readonly _id?: string; readonly status?: number }>>[]
}

function judge(answer: ProtocolAnswer, events: readonly ProtocolEvent[]): Outcome {
  if (answer.headers.get('x-elastic-product') !== 'Elasticsearch')
    return judgeUnreadable(answer, 'without X-Elastic-Product')
  if (answer.status !== 200) return judgeFailure(answer, BUSY)
  const items = readItems(answer)
  if (items?.length !== events.length) return judgeUnreadable(answer, `has not ${events.length} items`)
  const positionsOf = (matches: (status: number) => boolean) =>
    items.flatMap(({ status }, at) => (matches(status) ? [at] : []))
  const isMisnamed = items.some(({ id }, at) => id !== events[at]!.id)
  if (isMisnamed) return judgeUnreadable(answer, 'names other documents')
  return judgeParts(answer, events, {
    accepted: positionsOf((status) => TAKEN.includes(status)),
    refused: positionsOf((status) => ![...TAKEN, ...OPEN].includes(status)),
  })
}

/** @returns undefined where the answer has no readable results */
function readItems({
  bytes,
}: ProtocolAnswer): { readonly id: unknown; readonly status: number }[] | undefined {
  try {
    const { items } = JSON.parse(bytes.toString('utf8')) as BulkAnswer
    return items?.map((item) => {
      const [result] = Object.values(item)
      return { id: result?._id, status: Number(result?.status) }
    })
  } catch {
    return undefined
  }
}
