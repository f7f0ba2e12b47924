import type { UnexpectedExit } from '../oracle-app.ts'
import { Violations, type Violation } from './violation.ts'

/** What is known of an app after a run. */
export interface AppRecord {
  readonly id: string
  readonly peakMb: number
  readonly unexpectedExits: readonly Pick<UnexpectedExit, 'how' | 'log'>[]
  readonly errors: readonly string[]
}

/** Resident memory of a process, in MB: everything that may wait has a limit far below. */
export const MAX_RESIDENT_MB = 450

/** Complaints that a run may bring forth. Everything else of level error is a defect. */
const EXPECTED_ERRORS: readonly RegExp[] = []

/** No app ended by itself, grew beyond its limit, or complained of what it should bear. */
export function checkApps(apps: Iterable<AppRecord>): Violation[] {
  const violations = new Violations()
  for (const { id, peakMb, unexpectedExits, errors } of apps) {
    if (peakMb > MAX_RESIDENT_MB)
      violations.add(`${id} took ${Math.round(peakMb)} MB, more than ${MAX_RESIDENT_MB}`)
    for (const { how, log } of unexpectedExits) violations.add(`${id} ended with ${how}:\n${log}`)
    for (const error of errors)
      if (!EXPECTED_ERRORS.some((expected) => expected.test(error))) violations.add(`${id} logged: ${error}`)
  }
  return violations.list()
}
