/** Environment variable with the run's id, given by `npm test` to every test process. */
export const TEST_RUN_VARIABLE = 'RUNNEL_TEST_RUN'
/** What a test creates is named `<prefix><run>_<random>`: a run is its start in milliseconds, base 36. */
export const TEST_DATABASE_PREFIX = 'runnel_test_'
/** Prefix of a test's SUBJECT_PREFIX, which goes before its streams and Redis keys. */
export const TEST_PREFIX = 'rt_'

const NAME = /^(?:runnel_test|rt)_([0-9a-z]{8,9})_[0-9a-f]{10}(?![0-9a-z])/
/** No run of the tests takes this long. */
const STALE_MS = 3 * 3600 * 1000

/**
 * Whether something was left behind by tests: by the run that is named, or by one that started hours ago. Names of
 * any other form belong to other installations.
 */
export function isTestLeftover(name: string, endedRun?: string, nowMs = Date.now()): boolean {
  const run = NAME.exec(name)?.[1]
  if (run === undefined) return false
  return run === endedRun || parseInt(run, 36) < nowMs - STALE_MS
}
