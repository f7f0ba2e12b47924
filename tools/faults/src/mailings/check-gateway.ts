import type { GatewayCall } from '@runnel/contracts/api/fake-gateway'
import { ensure } from '../ensure.ts'
import type { RunState } from './read-run-state.ts'

export interface GatewayFindings {
  readonly accepted: number
  readonly duplicates: number
  readonly everUnknown: number
  /** Accepted, and unknown here. */
  readonly inDoubt: number
}

/**
 * Compares what the gateway took with what is known here.
 *
 * @throws BrokenPromiseError where one of them knows what the other does not
 */
export function checkGateway(
  state: RunState,
  calls: readonly GatewayCall[],
  deduplicates: boolean,
): GatewayFindings {
  const messages = new Map(state.messages.map((message) => [message.id, message]))
  const effects = new Map<number, number>()
  const accepted = new Set<number>()
  for (const call of calls) {
    const message = messages.get(call.msgId)
    ensure(
      message !== undefined,
      `the gateway was asked for message ${call.msgId}, which is not in the database`,
    )
    ensure(message.phone === call.phone, `message ${call.msgId} went to another phone than its client's`)
    if (call.accepted) accepted.add(call.msgId)
    if (call.effect) effects.set(call.msgId, (effects.get(call.msgId) ?? 0) + 1)
  }
  const doubled = [...effects].filter(([, count]) => count > 1)
  const duplicates = doubled.reduce((sum, [, count]) => sum + count - 1, 0)
  if (deduplicates) ensure(duplicates === 0, `${duplicates} messages arrived twice`)
  const unforeseen = doubled.filter(([msgId]) => !state.everUnknown.has(msgId))
  ensure(
    unforeseen.length === 0,
    `${unforeseen.length} messages arrived twice and never were unknown, e.g. ${unforeseen[0]?.[0]}`,
  )
  const sent = state.messages.filter(({ status }) => status === 'sent')
  const invented = sent.filter(({ id }) => !accepted.has(id))
  ensure(
    invented.length === 0,
    `${invented.length} messages are sent, and the gateway knows nothing, e.g. ${invented[0]?.id}`,
  )
  const others = state.messages.filter(({ id, status }) => accepted.has(id) && status !== 'sent')
  const silent = others.filter(({ status }) => status !== 'unknown')
  const example = silent[0]
  ensure(
    silent.length === 0,
    `${silent.length} messages arrived and show no doubt, e.g. ${example?.id}, ${example?.status} ${example?.reason}`,
  )
  return { accepted: accepted.size, duplicates, everUnknown: state.everUnknown.size, inDoubt: others.length }
}
