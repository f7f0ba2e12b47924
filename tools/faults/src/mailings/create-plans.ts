import type { ChannelName } from '@runnel/contracts'
import type { Person } from './create-people.ts'

/** A mailing of the run, and what is expected of it. */
export interface Plan {
  readonly name: string
  readonly channel: ChannelName
  readonly startMs: number
  readonly endMs: number
  readonly operatorCodes: readonly string[]
  readonly tags: readonly string[]
  /** Minutes since local midnight. */
  readonly window: { readonly from: number; readonly to: number } | null
  readonly ratePerSecond: number | null
}

const MINUTE_MS = 60_000
const DAY_MINUTES = 1440
const DAY_MS = DAY_MINUTES * MINUTE_MS
const HOUR_MINUTES = 60
/** After the faults, so that a window has time to be used, and to close. */
const GRACE_MS = 20_000

/** @param nowMs when the faults begin @param seconds how long they last */
export function createPlans(nowMs: number, seconds: number): Plan[] {
  const lastMs = nowMs + seconds * 1000
  const plan = (name: string, more: Partial<Plan>): Plan => ({
    ...{ name, channel: 'gateway', startMs: nowMs, endMs: nowMs + DAY_MS, operatorCodes: [], tags: [] },
    ...{ window: null, ratePerSecond: null },
    ...more,
  })
  return [
    plan('all clients', {}),
    plan('window', { window: windowAround(nowMs, lastMs), endMs: lastMs + GRACE_MS }),
    plan('filter', { operatorCodes: ['903', '916'], tags: ['gold', 'vip'], startMs: nowMs + seconds * 200 }),
    plan('ending', { tags: ['gold'], endMs: nowMs + seconds * 600, ratePerSecond: 200 }),
    plan('rate', { tags: ['vip'], operatorCodes: ['910', '921'], ratePerSecond: 20 }),
    plan('e-mail', { channel: 'email', tags: ['gold'] }),
    plan('e-mail ending', {
      ...{ channel: 'email', tags: ['silver'], endMs: nowMs + seconds * 700 },
      ...{ window: windowAround(nowMs, lastMs), ratePerSecond: 100 },
    }),
    plan('webhook', { channel: 'webhook', tags: ['silver', 'vip'] }),
    plan('webhook window', {
      ...{ channel: 'webhook', tags: ['gold'], operatorCodes: ['903', '905'] },
      ...{ window: windowAround(nowMs, lastMs), endMs: lastMs + GRACE_MS },
    }),
  ]
}

/**
 * Opens at UTC+0 in the middle of the run, and closes at UTC+10 then: with ten hours, half of the world is outside all
 * the time. Minutes are the finest that there is, so that a short run may miss one of the two.
 */
function windowAround(nowMs: number, lastMs: number): { from: number; to: number } {
  const minuteOfDay = (ms: number) => Math.floor(ms / MINUTE_MS) % DAY_MINUTES
  const middle = minuteOfDay(nowMs + (lastMs - nowMs) / 2)
  const next = minuteOfDay(nowMs + MINUTE_MS)
  const edge = middle === minuteOfDay(nowMs) ? next : middle
  return { from: edge, to: (edge + 10 * HOUR_MINUTES) % DAY_MINUTES }
}

/** Whether a mailing is for a person, decided independently of what the dispatcher makes of its filter. */
export function isRecipient({ channel, operatorCodes, tags }: Plan, person: Person): boolean {
  if (person.optedOut || addressOf(person, channel) === undefined) return false
  if (operatorCodes.length > 0 && !operatorCodes.includes(person.operatorCode)) return false
  return tags.length === 0 || tags.includes(person.tag)
}

/** Where a channel reaches a person; undefined: nowhere. */
function addressOf({ phone, email, webhookUrl }: Person, channel: ChannelName): string | undefined {
  return { gateway: String(phone), email, webhook: webhookUrl }[channel]
}
