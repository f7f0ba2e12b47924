/** Where the broker first took an event. Events of one stream are ordered by time, then by tie, then by index. */
export interface BrokerPosition {
  /** By the broker's clock, whole milliseconds since 1970. */
  readonly timeMs: number
  /** Of the broker message: rises within its stream. */
  readonly tie: number
  /** Of the event in its envelope; 0 for a raw message. */
  readonly index: number
}

/** As the text of a header: three integers with dots between. */
export function encodeBrokerPosition({ timeMs, tie, index }: BrokerPosition): string {
  return `${timeMs}.${tie}.${index}`
}

const ENCODED = /^(\d{1,16})\.(\d{1,16})\.(\d{1,16})$/

/** Takes only what encodeBrokerPosition has written. @returns undefined for anything else */
export function parseBrokerPosition(text: string | undefined): BrokerPosition | undefined {
  const found = text === undefined ? null : ENCODED.exec(text)
  if (!found) return undefined
  const [timeMs, tie, index] = found.slice(1).map(Number) as [number, number, number]
  return [timeMs, tie, index].every(Number.isSafeInteger) ? { timeMs, tie, index } : undefined
}

/** @returns whether the first one comes after the second one */
export function isPositionAfter(one: BrokerPosition, other: BrokerPosition): boolean {
  if (one.timeMs !== other.timeMs) return one.timeMs > other.timeMs
  return one.tie !== other.tie ? one.tie > other.tie : one.index > other.index
}
