import { isJsonObject, isKind, type JsonValue, type Kind } from '@runnel/contracts'

/** Opens a run: with it, every payload of the run can be made again. */
export interface RunLine {
  readonly type: 'run'
  readonly run: string
  readonly seed: number
  readonly keyed: boolean
  /** Of the payloads that the seed makes; none in ledgers from before there were several. */
  readonly payloadVersion?: number
  /** Milliseconds since 1970 at the machine that produced the load. */
  readonly startedAt: number
}

/** One 2xx: the events from `from` on, `count` of them, are the server's responsibility now. */
export interface AckLine {
  readonly type: 'ack'
  readonly run: string
  readonly kind: Kind
  /** `seq` of the first event. */
  readonly from: number
  readonly count: number
  /** Those that the answer named as rejected. */
  readonly except?: readonly number[]
  readonly status: number
  readonly attempts: number
  /** The header Event-Id of a single event. */
  readonly eventId?: string
  readonly at: number
}

export type LedgerLine = RunLine | AckLine

/** @returns the line, or undefined for what is not a line of a ledger, like the torn last line of a killed process */
export function parseLedgerLine(text: string): LedgerLine | undefined {
  let value: JsonValue
  try {
    value = JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
  if (!isJsonObject(value) || typeof value['run'] !== 'string') return undefined
  if (value['type'] === 'run')
    return typeof value['seed'] === 'number' ? (value as unknown as RunLine) : undefined
  const { type, kind, from, count } = value
  const whole = Number.isSafeInteger(from) && Number.isSafeInteger(count)
  return type === 'ack' && typeof kind === 'string' && isKind(kind) && whole
    ? (value as unknown as AckLine)
    : undefined
}
