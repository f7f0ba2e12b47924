import { freePort } from './free-port.ts'

/** A process ended because another one listens on its port. */
export class PortTakenError extends Error {}

const TRIES = 5

/**
 * Runs what chooses free ports and starts processes on them; again, where another process was faster on one of them.
 *
 * @throws what `start` throws; PortTakenError where that happens time and again
 */
export async function onFreePorts<T>(start: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await start()
    } catch (error) {
      if (!(error instanceof PortTakenError) || tries === TRIES) throw error
    }
  }
}

/** Starts something on `port`; undefined: on a free one. */
export function onPort<T>(port: number | undefined, start: (port: number) => Promise<T>): Promise<T> {
  return port === undefined ? onFreePorts(async () => start(await freePort())) : start(port)
}
