import {
  BEHAVIOURS,
  type Behaviour,
  type GatewayCall,
  type GatewayStats,
} from '@runnel/contracts/api/fake-gateway'
import { accepts } from './behaviours.ts'

const FIRST_CAPACITY = 1024
const EFFECT = 0x80

/** Calls in the order in which they came, in 25 bytes each, and what they brought about. */
export class CallLog {
  readonly limit: number
  #size = 0
  #msgIds = new Float64Array(FIRST_CAPACITY)
  #phones = new Float64Array(FIRST_CAPACITY)
  #times = new Float64Array(FIRST_CAPACITY)
  /** Number of the behaviour, and the bit {@link EFFECT}. */
  #outcomes = new Uint8Array(FIRST_CAPACITY)
  /** How often each message was brought about. */
  readonly #effects = new Map<number, number>()
  readonly #counts = new Uint32Array(BEHAVIOURS.length)
  #accepted = 0
  #duplicates = 0

  /** @param limit of calls that are kept */
  constructor(limit: number) {
    this.limit = limit
  }

  get size(): number {
    return this.#size
  }

  /** Whether another call could not be kept. */
  get full(): boolean {
    return this.#size >= this.limit
  }

  /** The caller has looked whether it is full. */
  add(msgId: number, phone: number, behaviour: Behaviour, deduplicates: boolean): void {
    if (this.#size === this.#msgIds.length) this.#grow()
    const at = this.#size++
    const code = BEHAVIOURS.indexOf(behaviour)
    const effect = accepts(behaviour) && this.#accept(msgId, deduplicates)
    this.#msgIds[at] = msgId
    this.#phones[at] = phone
    this.#times[at] = Date.now()
    this.#outcomes[at] = effect ? code | EFFECT : code
    this.#counts[code]!++
  }

  /** @param from number of the first one, from 0 */
  list(from: number, limit: number): GatewayCall[] {
    const length = Math.max(0, Math.min(limit, this.#size - from))
    return Array.from({ length }, (_, i) => this.#read(from + i))
  }

  stats(): Omit<GatewayStats, 'refused'> {
    return {
      calls: this.#size,
      accepted: this.#accepted,
      effects: this.#effects.size + this.#duplicates,
      messages: this.#effects.size,
      duplicates: this.#duplicates,
      byBehaviour: Object.fromEntries(BEHAVIOURS.map((one, i) => [one, this.#counts[i]!])) as Record<
        Behaviour,
        number
      >,
      firstAtMs: this.#size === 0 ? null : this.#times[0]!,
      lastAtMs: this.#size === 0 ? null : this.#times[this.#size - 1]!,
    }
  }

  clear(): void {
    this.#size = 0
    this.#msgIds = new Float64Array(FIRST_CAPACITY)
    this.#phones = new Float64Array(FIRST_CAPACITY)
    this.#times = new Float64Array(FIRST_CAPACITY)
    this.#outcomes = new Uint8Array(FIRST_CAPACITY)
    this.#effects.clear()
    this.#counts.fill(0)
    this.#accepted = 0
    this.#duplicates = 0
  }

  /** @returns whether a message is delivered */
  #accept(msgId: number, deduplicates: boolean): boolean {
    this.#accepted++
    const before = this.#effects.get(msgId) ?? 0
    if (before > 0 && deduplicates) return false
    if (before > 0) this.#duplicates++
    this.#effects.set(msgId, before + 1)
    return true
  }

  #read(at: number): GatewayCall {
    const outcome = this.#outcomes[at]!
    const behaviour = BEHAVIOURS[outcome & ~EFFECT]!
    return {
      msgId: this.#msgIds[at]!,
      phone: this.#phones[at]!,
      atMs: this.#times[at]!,
      behaviour,
      accepted: accepts(behaviour),
      effect: (outcome & EFFECT) !== 0,
    }
  }

  #grow(): void {
    const capacity = Math.min(this.limit, this.#msgIds.length * 2)
    const grown = (old: Float64Array) => {
      const made = new Float64Array(capacity)
      made.set(old)
      return made
    }
    this.#msgIds = grown(this.#msgIds)
    this.#phones = grown(this.#phones)
    this.#times = grown(this.#times)
    const outcomes = new Uint8Array(capacity)
    outcomes.set(this.#outcomes)
    this.#outcomes = outcomes
  }
}
