import type { JsonObject, Kind } from '@runnel/contracts'
import type { ItemFilter } from '@runnel/repositories-events'
import type { SeqCounts } from '../ledger/seq-counts.ts'

/**
 * What ought to be stored: events of one kind, numbered. A ledger makes one for each kind of each run, a file makes
 * one for its lines.
 */
export interface Claim {
  /** For the report, e.g. the name of the file. */
  readonly label: string
  readonly kind: Kind
  /** What a number is, e.g. `line`. */
  readonly unit: string
  /** Finds the stored events of this claim. */
  readonly filter: ItemFilter
  /** How often each number was acknowledged. */
  readonly acknowledged: SeqCounts
  /** Whether repeats of a number are dropped by their key: it is stored once, however often it was acknowledged. */
  readonly keyed: boolean
  /** @returns the number of an item that was found, or undefined when it names none */
  numberOf(item: JsonObject): number | undefined
  /** @returns whether the whole item is what was sent under this number */
  matches(number: number, item: JsonObject): boolean
}
