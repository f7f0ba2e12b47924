import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'

/** A client as this run knows it, whatever the database says. */
export interface Person {
  readonly phone: number
  readonly operatorCode: string
  readonly tag: string
  readonly timeZone: string
  readonly optedOut: boolean
  readonly email?: string
  readonly webhookUrl?: string
}

/** From -10 to +13 hours; two of them lie at the edges of the window, see createPlans. */
const ZONES = [
  'Pacific/Honolulu',
  'America/Anchorage',
  'America/Los_Angeles',
  'America/Denver',
  'America/Chicago',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Africa/Abidjan',
  'Europe/London',
  'Europe/Berlin',
  'Africa/Cairo',
  'Europe/Moscow',
  'Asia/Tehran',
  'Asia/Dubai',
  'Asia/Kathmandu',
  'Asia/Almaty',
  'Asia/Shanghai',
  'Australia/Brisbane',
  'Pacific/Auckland',
] as const

const OPERATORS = ['903', '905', '910', '916', '921', '926', '950', '977', '985', '999'] as const
/** With the percentage below which a draw falls to each. */
const TAGS = [
  ['', 50],
  ['gold', 75],
  ['silver', 97],
  ['vip', 100],
] as const
const OPTED_OUT_PERCENT = 2
const EMAIL_PERCENT = 80
const WEBHOOK_PERCENT = 60

/**
 * The same people for the same seed.
 *
 * @param webhookUrlOf the address of a phone; left out: some have e-mail, and none has a webhook
 */
export function createPeople(
  count: number,
  seed: number,
  webhookUrlOf?: (phone: number) => string,
): Person[] {
  const random = xorshift128plus(seed)
  return Array.from({ length: count }, (_, i) => {
    const operatorCode = OPERATORS[uniformInt(random, 0, OPERATORS.length - 1)]!
    const draw = uniformInt(random, 0, 99)
    const phone = Number(`7${operatorCode}${String(i).padStart(7, '0')}`)
    const timeZone = ZONES[uniformInt(random, 0, ZONES.length - 1)]!
    const optedOut = uniformInt(random, 0, 99) < OPTED_OUT_PERCENT
    const hasEmail = uniformInt(random, 0, 99) < EMAIL_PERCENT
    const hasWebhook = uniformInt(random, 0, 99) < WEBHOOK_PERCENT
    return {
      ...{ phone, operatorCode, timeZone, optedOut },
      tag: TAGS.find(([, below]) => draw < below)![0],
      ...(hasEmail && { email: `client.${phone}@example.com` }),
      ...(hasWebhook && webhookUrlOf && { webhookUrl: webhookUrlOf(phone) }),
    }
  })
}
