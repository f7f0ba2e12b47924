import type { Message, Position } from '@runnel/messaging'
import type { Database } from '@runnel/repositories-database'
import {
  beginLife,
  extendThrough,
  type PositionMark,
  raiseFloor,
  type StreamLife,
} from '@runnel/repositories-events'

/** Where a message stands in the order of its stream, which never falls; undefined where the broker gives no positions. */
export type PositionOf = (message: Message) => Position | undefined

/**
 * How far the mark is written ahead: one statement in that time, in place of one for every batch. A life that is new begins
 * behind the mark, that is, up to this much ahead of the clock.
 */
const AHEAD_MS = 10_000

/** Lives of one stream that are remembered: messages of the one before may be in hand when it is created again. */
const MAX_LIVES = 4

interface Life {
  readonly life: StreamLife
  mark: PositionMark
  /** The greatest sequence that was placed, and the greatest time. */
  sequence: number
  timeMs: number
}

/**
 * Corrects the times of the broker: a position lies behind those of lower sequences, and those of a stream that was created
 * again behind all before, whatever the clock of the broker was set to. What is known is kept in PostgreSQL, for all
 * processes; between two writes, each goes by what it has seen itself.
 */
export class ProductPositions {
  readonly #database: Database
  readonly #lives = new Map<string, Life>()
  #newest: string | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Repeating it is harmless.
   *
   * @throws what the driver throws, where the mark has to be read or written
   */
  place(messages: readonly Message[]): Promise<PositionOf> {
    const placing = this.#turn.then(() => this.#place(messages))
    this.#turn = placing.catch(() => undefined)
    return placing
  }

  async #place(messages: readonly Message[]): Promise<PositionOf> {
    const placed = new Map<Message, Position>()
    for (const message of messages) {
      const { position } = message
      if (!position) continue
      const life = await this.#lifeOf(message, position)
      const timeMs = await this.#timeOf(life, position)
      if (timeMs > life.mark.throughMs) {
        const through = { ms: timeMs + AHEAD_MS, sequence: life.sequence }
        life.mark = (await extendThrough(this.#database, life.life, through)) ?? {
          ...life.mark,
          throughMs: through.ms,
        }
      }
      placed.set(message, { timeMs, tie: position.tie })
    }
    return (message) => placed.get(message)
  }

  async #lifeOf({ stream }: Message, position: Position): Promise<Life> {
    const name = position.life === undefined ? this.#newest : `${stream} ${position.life}`
    const known = name === undefined ? undefined : this.#lives.get(name)
    if (known) return known
    const life = { stream, life: position.life ?? '' }
    const mark = await beginLife(this.#database, life)
    const begun: Life = { life, mark, sequence: 0, timeMs: 0 }
    this.#newest = `${stream} ${life.life}`
    this.#lives.set(this.#newest, begun)
    for (const oldest of this.#lives.keys()) {
      if (this.#lives.size <= MAX_LIVES) break
      this.#lives.delete(oldest)
    }
    return begun
  }

  async #timeOf(life: Life, { timeMs: brokerMs, tie }: Position): Promise<number> {
    const aboveFloor = () =>
      tie >= life.mark.floorSequence ? Math.max(brokerMs, life.mark.floorMs) : brokerMs
    let timeMs = aboveFloor()
    // Another one behind it was placed already: it is delivered late, or once more.
    if (tie <= life.sequence) return Math.min(timeMs, life.timeMs)
    const { throughMs, throughSequence } = life.mark
    const knownMs = Math.max(life.timeMs, tie > throughSequence ? throughMs - AHEAD_MS : 0)
    // A process that has begun just now does not know what others have placed since the mark was written.
    const toleratedMs = life.sequence === 0 ? 0 : AHEAD_MS
    if (timeMs < knownMs - toleratedMs) {
      life.mark = (await raiseFloor(this.#database, life.life, tie)) ?? life.mark
      timeMs = aboveFloor()
    }
    life.sequence = tie
    life.timeMs = Math.max(timeMs, knownMs)
    return life.timeMs
  }
}
