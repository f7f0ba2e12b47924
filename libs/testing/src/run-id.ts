import { randomBytes } from 'node:crypto'
import { TEST_RUN_VARIABLE } from './test-names.ts'

/** Shared by all processes of one `npm test`, so that it can remove what they left; else one of this process. */
const run = process.env[TEST_RUN_VARIABLE] ?? Date.now().toString(36)

/** `<start of the run in ms, base 36>_<random>`: old leftovers can be told from what is in use. */
export function uniqueTestId(): string {
  return `${run}_${randomBytes(5).toString('hex')}`
}
