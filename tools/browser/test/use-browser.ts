import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import { launchChromium, startVisit, type Visit } from '../src/index.ts'
import type { TestEnvironment } from './test-environment.ts'

/** Runnel, and a window of a browser that shows it. */
export interface TestSession<W extends TestEnvironment = TestEnvironment> {
  readonly environment: W
  readonly visit: Visit
  /** Opens another window, which is watched as well. */
  readonly openVisit: () => Promise<Visit>
}

/**
 * Sets up a session for the tests of the block that it is called in. Every one of them fails on what should not have
 * happened in the page meanwhile.
 *
 * @param expected troubles that belong to what is tried
 */
export function useBrowser<W extends TestEnvironment>(
  start: () => Promise<W>,
  expected?: RegExp,
): () => TestSession<W> {
  const stack = new AsyncDisposableStack()
  const visits: Visit[] = []
  let session: TestSession<W> | undefined
  beforeAll(async () => {
    const [browser, environment] = await Promise.all([launchChromium(), start()])
    stack.defer(() => browser.close())
    stack.use(environment)
    const openVisit = async () => {
      const visit = stack.use(await startVisit(browser, environment.query, environment.appearances))
      visits.push(visit)
      return visit
    }
    session = { environment, visit: await openVisit(), openVisit }
  }, 120_000)
  afterEach(() => {
    const troubles = visits.flatMap((visit) => visit.troubles.splice(0))
    expect(troubles.filter((trouble) => !expected?.test(trouble))).toEqual([])
  })
  afterAll(() => stack.disposeAsync(), 60_000)
  return () => session!
}
