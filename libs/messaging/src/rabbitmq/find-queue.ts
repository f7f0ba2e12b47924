/** Each look that finds none is an error in the log of the server, whose AMQP has no other way to ask. So they become rare. */
const FIRST_PAUSE_MS = 30_000
const MAX_PAUSE_MS = 600_000

interface FindQueueOptions {
  /** @returns whether the queue is there. @throws where it may not be opened */
  readonly look: () => Promise<boolean>
  readonly onRefused: (error: unknown) => void
  readonly pause: (ms: number) => Promise<void>
  readonly stop: AbortSignal
}

/**
 * Looks for a queue that this process may not create, at ever longer intervals of 30 seconds to 10 minutes.
 *
 * @returns once it is there, or the signal aborts
 */
export async function findQueue({ look, onRefused, pause, stop }: FindQueueOptions): Promise<void> {
  for (let pauseMs = FIRST_PAUSE_MS; !stop.aborted; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
    try {
      if (await look()) return
    } catch (error) {
      onRefused(error)
    }
    await pause(pauseMs)
  }
}
