import { findBinary } from '@runnel/testing'
import { createAutocannon } from './autocannon.ts'
import type { LoadGenerator } from './load-generator.ts'
import { createWrk } from './wrk.ts'

/** wrk where it is installed: it leaves more of the machine to the server. */
export function findLoadGenerator(): LoadGenerator {
  const wrk = findBinary('wrk')
  return wrk === undefined ? createAutocannon() : createWrk(wrk)
}
