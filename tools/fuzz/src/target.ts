import type { Database } from '@runnel/repositories-database'
import type { Arbitrary } from 'fast-check'

/** What a target may use. */
export interface FuzzContext {
  /** A migrated PostgreSQL, on which the SQL of some filters is tried. */
  readonly database: Database
}

/** An input that is as bad as the limits allow, for the event loop. */
export interface WorstCase<Input> {
  readonly name: string
  readonly input: () => Input
}

/** A parser, what it is fed, and what must hold of whatever comes out. */
export interface Target<Input> {
  readonly name: string
  readonly inputs: Arbitrary<Input>
  readonly worst: () => readonly WorstCase<Input>[]
  /** The work whose hold on the event loop is measured. @returns what `check` gets; errors are passed to it as well */
  readonly parse: (input: Input) => unknown
  /** @throws Error where the outcome breaks the parser's contract */
  readonly check: (input: Input, outcome: Outcome) => void | Promise<void>
  /** SQL and the like, for a sample of the inputs. @throws Error */
  readonly trial?: (outcome: Outcome, context: FuzzContext) => Promise<void>
}

export type Outcome = { readonly value: unknown } | { readonly error: unknown }

/** A target whatever its inputs are. */
export type AnyTarget = Target<never>

/** Keeps the type of the inputs to itself. */
export function defineTarget<Input>(target: Target<Input>): AnyTarget {
  return target as unknown as AnyTarget
}
