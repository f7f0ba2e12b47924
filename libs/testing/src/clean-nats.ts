import { cleanStreams } from './sweep-tests.ts'
import { TEST_PREFIX } from './test-names.ts'

/**
 * Deletes the streams of a test's SUBJECT_PREFIX.
 *
 * @param prefix from testPrefix(); anything else is refused, so that no real streams are deleted
 */
export async function cleanNats(url: string, prefix: string): Promise<void> {
  if (!prefix.startsWith(TEST_PREFIX)) throw new Error(`${JSON.stringify(prefix)} is no prefix of a test`)
  await cleanStreams(url, (name) => name.startsWith(`${prefix}_`))
}
