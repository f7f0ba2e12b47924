import type { Channel, SendResult } from '../src/sending/channels/channel.ts'

interface Call {
  readonly id: number
  readonly phone: number
  readonly text: string
  readonly address?: string | undefined
  readonly subject?: string | undefined
  readonly unsubscribeUrl?: string | undefined
  /** Domain time. */
  readonly atMs: number
}

/** The outcome of a call; `accepted` has an effect, and so has an uncertain one that arrived. */
export type Answer = Omit<SendResult, 'startedAtMs' | 'durationMs'> & { readonly arrived?: boolean }

export const YES: Answer = { outcome: 'accepted', httpStatus: 200, gatewayCode: 0 }

/** A gateway in the test's process, which records every call and its effect. */
export interface FakeGateway extends Channel {
  readonly calls: Call[]
  /** How often a message reached its client. */
  readonly effects: Map<number, number>
  /** How it answers from now on. */
  answer: (call: Call) => Answer | Promise<Answer>
  /** The most calls that were under way at a time. */
  readonly peak: number
}

export function createFakeGateway(nowMs: () => number, deduplicates = true): FakeGateway {
  const calls: Call[] = []
  const effects = new Map<number, number>()
  let underWay = 0
  let peak = 0
  const gateway: FakeGateway = {
    calls,
    effects,
    answer: () => YES,
    get peak() {
      return peak
    },
    async send(message) {
      const { id } = message
      const call = { ...message, atMs: nowMs() }
      calls.push(call)
      peak = Math.max(peak, ++underWay)
      const { arrived, ...answer } = await gateway.answer(call)
      underWay -= 1
      if (answer.outcome === 'accepted' || arrived) {
        effects.set(id, deduplicates ? 1 : (effects.get(id) ?? 0) + 1)
      }
      return { ...answer, startedAtMs: call.atMs, durationMs: 1 }
    },
    close: () => Promise.resolve(),
  }
  return gateway
}
