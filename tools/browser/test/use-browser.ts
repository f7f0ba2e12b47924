import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import { launchChromium, startVisit, type Visit } from '../src/index.ts'
import type { World } from './test-environment.ts'

/** Runnel, and somebody who looks at it. */
export interface Scene<W extends World = World> {
  readonly world: W
  readonly visit: Visit
  /** Somebody else who looks at it, in a window of their own that is watched as well. */
  readonly visitToo: () => Promise<Visit>
}

/**
 * Sets up a scene for the tests of the block that it is called in. Every one of them fails on what should not have
 * happened in the page meanwhile.
 *
 * @param expected troubles that belong to what is tried
 */
export function useScene<W extends World>(start: () => Promise<W>, expected?: RegExp): () => Scene<W> {
  const stack = new AsyncDisposableStack()
  const visits: Visit[] = []
  let scene: Scene<W> | undefined
  beforeAll(async () => {
    const [browser, world] = await Promise.all([launchChromium(), start()])
    stack.defer(() => browser.close())
    stack.use(world)
    const visitToo = async () => {
      const visit = stack.use(await startVisit(browser, world.query, world.looks))
      visits.push(visit)
      return visit
    }
    scene = { world, visit: await visitToo(), visitToo }
  }, 120_000)
  afterEach(() => {
    const troubles = visits.flatMap((visit) => visit.troubles.splice(0))
    expect(troubles.filter((trouble) => !expected?.test(trouble))).toEqual([])
  })
  afterAll(() => stack.disposeAsync(), 60_000)
  return () => scene!
}
