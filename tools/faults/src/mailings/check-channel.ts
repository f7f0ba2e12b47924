import type { ChannelName } from '@runnel/contracts'
import { ensure } from '../ensure.ts'
import type { RunState } from './read-run-state.ts'
import type { ChannelCall } from './receivers/channel-call.ts'

export interface ChannelFindings {
  readonly accepted: number
  readonly duplicates: number
  readonly everUnknown: number
  /** Accepted, and unknown here. */
  readonly inDoubt: number
}

export interface ChannelChecks {
  readonly channel: ChannelName
  /** Whether a repeat is recognised. */
  readonly deduplicates: boolean
}

/**
 * Compares what a channel took with what is known here of the messages that go out by it.
 *
 * @throws BrokenPromiseError where one of them knows what the other does not
 */
export function checkChannel(
  state: RunState,
  calls: readonly ChannelCall[],
  { channel, deduplicates }: ChannelChecks,
): ChannelFindings {
  const messages = new Map(state.messages.map((message) => [message.id, message]))
  const effects = new Map<number, number>()
  const accepted = new Set<number>()
  for (const call of calls) {
    const message = messages.get(call.msgId)
    ensure(
      message !== undefined,
      `${channel}: it was asked for message ${call.msgId}, which is not among its own`,
    )
    ensure(message.address === call.address, `${channel}: message ${call.msgId} went to another address`)
    if (call.accepted) accepted.add(call.msgId)
    if (call.effect) effects.set(call.msgId, (effects.get(call.msgId) ?? 0) + 1)
  }
  const doubled = [...effects].filter(([, count]) => count > 1)
  const duplicates = doubled.reduce((sum, [, count]) => sum + count - 1, 0)
  if (deduplicates) ensure(duplicates === 0, `${channel}: ${duplicates} messages arrived twice`)
  const unforeseen = doubled.filter(([msgId]) => !state.everUnknown.has(msgId))
  ensure(
    unforeseen.length === 0,
    `${channel}: ${unforeseen.length} messages arrived twice and never were unknown, e.g. ${unforeseen[0]?.[0]}`,
  )
  const sent = state.messages.filter(({ status }) => status === 'sent')
  const invented = sent.filter(({ id }) => !accepted.has(id))
  ensure(
    invented.length === 0,
    `${channel}: ${invented.length} messages are sent, and it knows nothing, e.g. ${invented[0]?.id}`,
  )
  const others = state.messages.filter(({ id, status }) => accepted.has(id) && status !== 'sent')
  const silent = others.filter(({ status }) => status !== 'unknown')
  const example = silent[0]
  ensure(
    silent.length === 0,
    `${channel}: ${silent.length} messages arrived and show no doubt, e.g. ${example?.id}, ${example?.status} ${example?.reason}`,
  )
  return { accepted: accepted.size, duplicates, everUnknown: state.everUnknown.size, inDoubt: others.length }
}
