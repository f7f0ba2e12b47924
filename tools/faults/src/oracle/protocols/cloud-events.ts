import type { JsonObject } from '@runnel/contracts'
import type { Outcome } from '../load/judge-answer.ts'
import { contentOf } from '../event-content.ts'
import { judgeFailure, judgeParts, judgeUnreadable, type BusyRule } from './judge-protocol-answer.ts'
import { timeMsOf, type ProtocolAnswer, type ProtocolClient, type ProtocolEvent } from './protocol-client.ts'

const SOURCE = '/oracle'
const TYPE = 'com.example.order.noted'
const BUSY: BusyRule = { repeated: [429, 500, 502, 503, 504], allowed: [429, 503] }

/** Batches of CloudEvents; the emitters of clients repeat nothing by themselves, their callers send the same ids again. */
export const cloudEvents: ProtocolClient = {
  kind: 'logs',
  path: '/cloudevents',
  headers: { 'content-type': 'application/cloudevents-batch+json; charset=utf-8' },
  encode: (events) => JSON.stringify(events.map(toCloudEvent)),
  toStored: (event) => {
    const { text, level } = contentOf(event.id)
    const attributes = { ...attributesOf(event), data: dataOf(event) }
    return { timestamp: timeOf(event), level, service: SOURCE, message: text, attributes }
  },
  judge,
}

const timeOf = (event: Pick<ProtocolEvent, 'seq'>) => new Date(timeMsOf(event)).toISOString()

/** With an extension by which the run finds it. */
function attributesOf(event: Pick<ProtocolEvent, 'id' | 'seq'>): JsonObject {
  const { id } = event
  return { specversion: '1.0', id, source: SOURCE, type: TYPE, time: timeOf(event), oracle: id }
}

function dataOf({ id }: Pick<ProtocolEvent, 'id'>): JsonObject {
  const { text, level, value, hash } = contentOf(id)
  return { message: text, level, value, list: [hash[1]!, { deep: text }] }
}

/** One that is malformed has no type. */
function toCloudEvent(event: ProtocolEvent): JsonObject {
  const { type, ...others } = attributesOf(event)
  return { ...others, ...(!event.isMalformed && { type: type! }), data: dataOf(event) }
}

interface BatchAnswer {
  readonly accepted?: number | readonly number[]
  readonly rejected?: readonly { readonly index: number }[]
}

/** Of a batch that only the broker's word is missing for, those that it has are named. */
function judge(answer: ProtocolAnswer, events: readonly ProtocolEvent[]): Outcome {
  const body = read(answer)
  if (answer.status !== 200 && answer.status !== 202) {
    const accepted = Array.isArray(body?.accepted) ? (body.accepted as readonly number[]) : 'none'
    return { ...judgeFailure(answer, BUSY), accepted }
  }
  if (body === undefined) return judgeUnreadable(answer, 'is not JSON')
  const refused = (body.rejected ?? []).map(({ index }) => index)
  const accepted = events.flatMap((_, at) => (refused.includes(at) ? [] : [at]))
  if (body.accepted !== accepted.length)
    return judgeUnreadable(answer, `does not accept ${accepted.length} events`)
  return judgeParts(answer, events, { accepted, refused })
}

function read({ bytes }: ProtocolAnswer): BatchAnswer | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')) as BatchAnswer
  } catch {
    return undefined
  }
}
