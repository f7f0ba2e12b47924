import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xorshift128plus } from 'pure-rand/generator/xorshift128plus'

/** A client as this run knows it, whatever the database says. */
export interface Person {
  readonly phone: number
  readonly operatorCode: string
  readonly tag: string
  readonly timeZone: string
  readonly optedOut: boolean
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

/** The same people for the same seed. */
export function createPeople(count: number, seed: number): Person[] {
  const random = xorshift128plus(seed)
  return Array.from({ length: count }, (_, i) => {
    const operatorCode = OPERATORS[uniformInt(random, 0, OPERATORS.length - 1)]!
    const draw = uniformInt(random, 0, 99)
    return {
      phone: Number(`7${operatorCode}${String(i).padStart(7, '0')}`),
      operatorCode,
      tag: TAGS.find(([, below]) => draw < below)![0],
      timeZone: ZONES[uniformInt(random, 0, ZONES.length - 1)]!,
      optedOut: uniformInt(random, 0, 99) < OPTED_OUT_PERCENT,
    }
  })
}
