import { ensure } from '../ensure.ts'
import { isOpen, localMinutes } from './local-minutes.ts'
import type { Person } from './create-people.ts'
import type { Plan } from './create-plans.ts'
import type { RunState } from './read-run-state.ts'
import type { ChannelCall } from './receivers/channel-call.ts'

/** How far a limit of messages a second may be passed over ten seconds: replicas take tokens in blocks. */
const RATE_SLACK = 1.5
const RATE_SPAN_MS = 10_000

/** @throws BrokenPromiseError where something was taken before the start, after the end, or outside the local window */
export function checkTimes(
  state: RunState,
  calls: readonly ChannelCall[],
  plans: ReadonlyMap<number, Plan>,
  people: readonly Person[],
): void {
  const messages = new Map(state.messages.map((message) => [message.id, message]))
  const zoneOf = new Map(people.map(({ phone, timeZone }) => [phone, timeZone]))
  for (const { msgId, atMs, sinceMs = atMs, accepted } of calls) {
    const { mailingId, phone } = messages.get(msgId)!
    const plan = plans.get(mailingId)!
    if (!accepted) continue
    const at = describeSpan(sinceMs, atMs)
    ensure(atMs >= plan.startMs, `${plan.name}: message ${msgId} was taken at ${at}, before the start`)
    ensure(
      sinceMs < plan.endMs,
      `${plan.name}: message ${msgId} was taken at ${at}, after the end at ${new Date(plan.endMs).toISOString()}`,
    )
    const zone = zoneOf.get(phone)!
    ensure(
      plan.window === null || wasOpen(plan.window, zone, sinceMs, atMs),
      `${plan.name}: message ${msgId} was taken at ${at}, outside the window of ${zone}`,
    )
  }
}

/** A message that may have waited before the receiver read it is right where it was sent in time. */
function wasOpen(window: NonNullable<Plan['window']>, zone: string, sinceMs: number, atMs: number): boolean {
  return [sinceMs, atMs].some((ms) => isOpen(window, localMinutes(zone, ms)))
}

function describeSpan(sinceMs: number, atMs: number): string {
  const at = new Date(atMs).toISOString()
  return sinceMs < atMs ? `${at} (or up to ${atMs - sinceMs} ms before)` : at
}

/** @throws BrokenPromiseError where a mailing was sent faster than its rate */
export function checkRate(
  state: RunState,
  calls: readonly ChannelCall[],
  mailingId: number,
  plan: Plan,
): void {
  if (plan.ratePerSecond === null) return
  const mine = new Set(
    state.messages.filter((message) => message.mailingId === mailingId).map(({ id }) => id),
  )
  const times = calls.filter(({ msgId }) => mine.has(msgId)).map(({ atMs }) => atMs)
  const limit = (plan.ratePerSecond * RATE_SPAN_MS * RATE_SLACK) / 1000
  let from = 0
  for (const [index, atMs] of times.entries()) {
    while (times[from]! < atMs - RATE_SPAN_MS) from++
    const count = index - from + 1
    ensure(count <= limit, `${plan.name}: ${count} calls in ten seconds, at ${plan.ratePerSecond} a second`)
  }
}
