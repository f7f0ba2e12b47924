import { TEST_PREFIX } from './test-names.ts'
import { uniqueTestId } from './run-id.ts'

/** A SUBJECT_PREFIX that no other test uses: subjects, streams and cache keys under it are this test's own. */
export function testPrefix(): string {
  return TEST_PREFIX + uniqueTestId()
}
