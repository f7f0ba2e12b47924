import { CleanupStack } from './cleanup-stack.ts'
import { returnMemory } from './return-memory.ts'

/** The part of a pino logger that a service's life needs. */
export interface ServiceLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  fatal(fields: object, message: string): void
}

export interface RunOptions {
  readonly log: ServiceLog
  /** Deadline for the drain, in milliseconds; past it the process ends with exit code 1. */
  readonly shutdownMs: number
}

/** A drained process that a library keeps alive with a forgotten timer is ended after this. */
const LINGER_MS = 1000

/** The part of the time to drain after which connections are cut that have not answered. */
const LAST_CALL = 3 / 4

/**
 * The life of a process: `start` opens everything and registers it with the cleanup stack; SIGTERM or SIGINT closes
 * it in reverse order. When three quarters of the deadline are over, its last call is made. The exit code is 0 only when nothing failed and all closed before the deadline.
 *
 * What `start` throws ends the process with exit code 1, as do an unhandled rejection and an uncaught exception: a
 * process in an unknown state is better replaced, and nothing acknowledged depends on it.
 */
export async function runService(
  { log, shutdownMs }: RunOptions,
  start: (cleanup: CleanupStack) => Promise<void>,
): Promise<void> {
  const cleanup = new CleanupStack()
  const stop = stopRequest(log)
  const starting = start(cleanup)
    .then(returnMemory)
    .catch((error: unknown) => {
      // A start that the drain has interrupted did not fail.
      if (cleanup.signal.aborted) return
      log.fatal({ err: error }, 'the service could not start')
      stop.crash()
    })
  await stop.promise
  let closed = true
  const deadline = setTimeout(() => {
    log.error({ shutdownMs }, 'the drain took longer than allowed; ending now')
    process.exit(1)
  }, shutdownMs)
  const lastCall = setTimeout(() => {
    log.warn({ shutdownMs }, 'the drain takes long; connections that do not answer are cut')
    cleanup.hurry()
  }, shutdownMs * LAST_CALL)
  try {
    await cleanup.close()
    await starting
    // A start that was still under way when the signal came may have opened more.
    await cleanup.close()
  } catch (error) {
    closed = false
    log.error({ err: error }, 'closing failed')
  }
  clearTimeout(lastCall)
  clearTimeout(deadline)
  // A crash while it drained counts as well.
  const clean = closed && !stop.crashed()
  log.info({ clean }, 'service stopped')
  process.exitCode = clean ? 0 : 1
  setTimeout(() => process.exit(), LINGER_MS).unref()
}

interface Stop {
  /** Resolves at the first signal or crash. */
  readonly promise: Promise<void>
  crash(): void
  crashed(): boolean
}

function stopRequest(log: ServiceLog): Stop {
  const { promise, resolve } = Promise.withResolvers<void>()
  let crashed = false
  const crash = (): void => {
    crashed = true
    resolve()
  }
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    // Every time: a terminal and a parent process may both send one, and the second would end the drain.
    process.on(name, () => {
      log.info({ signal: name }, 'draining')
      resolve()
    })
  }
  for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(name, (error: unknown) => {
      log.fatal({ err: error }, name)
      crash()
    })
  }
  return { promise, crash, crashed: () => crashed }
}
