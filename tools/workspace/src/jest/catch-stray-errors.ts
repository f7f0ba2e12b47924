import { addEventHandler, getState } from 'jest-circus'

/**
 * What nothing awaits or catches is a failure of the test that runs, or of the file, and does not end the process. Jest has this in
 * its sandbox alone.
 *
 * @returns ends it
 */
export function catchStrayErrors(): () => void {
  const listeners = {
    uncaughtException: (error: unknown) => {
      const { currentlyRunningTest, unhandledErrors } = getState()
      ;(currentlyRunningTest?.errors ?? unhandledErrors).push(error)
    },
    unhandledRejection: (error: unknown, promise: Promise<unknown>) => void rejections.set(promise, error),
    rejectionHandled: (promise: Promise<unknown>) => void rejections.delete(promise),
  }
  const before = Object.keys(listeners).map((name) => [name, process.rawListeners(name)] as const)
  for (const [name, listener] of Object.entries(listeners))
    process.removeAllListeners(name).on(name, listener)
  return () => {
    for (const [name, others] of before) {
      process.removeAllListeners(name)
      for (const other of others) process.on(name, other as () => void)
    }
  }
}

/** The real one: tests replace it. */
const nextTurn = setImmediate

/** Since the last test ended: a rejection that is handled until then is no failure. */
const rejections = new Map<Promise<unknown>, unknown>()

addEventHandler(async (event, state) => {
  if (event.name !== 'test_done' && event.name !== 'run_finish') return
  // Node tells of a rejection once all callbacks of promises have run.
  await new Promise((resolve) => nextTurn(resolve))
  const errors = event.name === 'test_done' ? event.test.errors : state.unhandledErrors
  errors.push(...rejections.values())
  rejections.clear()
})
