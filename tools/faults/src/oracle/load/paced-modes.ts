import { KINDS, type Kind } from '@runnel/contracts'
import { PROTOCOL_MODES, type DeliveryMode } from '../delivery-modes.ts'

/** Modes that are used all through a run; others come with a fault, or after it. */
export type PacedMode = Exclude<DeliveryMode, 'large' | 'fresh' | 'poison'>

/** The share of a mode in the load. */
interface Pace {
  /** Requests a second. */
  readonly perSecond: number
  /** Events of a request. */
  readonly count: number
  /** In turn. */
  readonly kinds: readonly Kind[]
}

/**
 * All modes at once are some 260 events a second, of which those of standard protocols are a fifth: the machine carries stores, apps
 * and faults as well.
 */
const PACES: Readonly<Record<PacedMode, Pace>> = {
  single: { perSecond: 15, count: 1, kinds: KINDS },
  array: { perSecond: 4, count: 12, kinds: KINDS },
  ndjson: { perSecond: 3, count: 20, kinds: KINDS },
  gzip: { perSecond: 2, count: 20, kinds: KINDS },
  keyed: { perSecond: 15, count: 1, kinds: KINDS },
  stored: { perSecond: 6, count: 1, kinds: KINDS },
  versions: { perSecond: 8, count: 1, kinds: ['products'] },
  raw: { perSecond: 20, count: 1, kinds: KINDS },
  'otlp-protobuf': { perSecond: 1, count: 12, kinds: ['logs'] },
  'otlp-json': { perSecond: 1, count: 12, kinds: ['logs'] },
  'otlp-untimed': { perSecond: 0.5, count: 6, kinds: ['logs'] },
  bulk: { perSecond: 1, count: 12, kinds: ['logs'] },
  'remote-write': { perSecond: 1, count: 12, kinds: ['metrics'] },
  'cloud-events': { perSecond: 1, count: 8, kinds: ['logs'] },
}

export const PACED_MODES = Object.keys(PACES) as readonly PacedMode[]

/** Requests a second of modes, where they are not the usual ones; a mode with 0 is not used. */
export type Rates = Readonly<Partial<Record<PacedMode, number>>>

/** @returns the modes that are used, with their paces */
export function pacesOf(rates: Rates): readonly (Pace & { readonly mode: PacedMode })[] {
  return PACED_MODES.map((mode) => ({
    ...PACES[mode],
    perSecond: rates[mode] ?? PACES[mode].perSecond,
    mode,
  })).filter(({ perSecond }) => perSecond > 0)
}

/**
 * @param text `mode=number`, several with commas in between; `protocols` stands for all modes of standard protocols
 * @throws RangeError that says what is wrong
 */
export function parseRates(text: string): Rates {
  return Object.fromEntries(text.split(',').flatMap(parseRate))
}

function parseRate(text: string): (readonly [string, number])[] {
  const [name = '', number = ''] = text.trim().split('=')
  const perSecond = number === '' ? NaN : Number(number)
  if (!(perSecond >= 0 && perSecond <= MAX_PER_SECOND))
    throw new RangeError(`${text}: expected a mode, = and requests a second up to ${MAX_PER_SECOND}`)
  if (name === 'protocols') return PROTOCOL_MODES.map((mode) => [mode, perSecond])
  if (PACED_MODES.some((mode) => mode === name)) return [[name, perSecond]]
  throw new RangeError(`there is no mode ${name}; there are ${['protocols', ...PACED_MODES].join(', ')}`)
}

const MAX_PER_SECOND = 1000
