import { CleanupStack } from './cleanup-stack.ts'

/** The part of a pino logger that a service's life needs. */
export interface ServiceLog {
  info(fields: object, message: string): void
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

/**
 * The life of a process: `start` opens everything and registers it with the cleanup stack; SIGTERM or SIGINT closes
 * it in reverse order. The exit code is 0 only when nothing failed and all closed before the deadline.
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
  const starting = start(cleanup).catch((error: unknown) => {
    log.fatal({ err: error }, 'the service could not start')
    stop.resolve(false)
  })
  let clean = await stop.promise
  const deadline = setTimeout(() => {
    log.error({ shutdownMs }, 'the drain took longer than allowed; ending now')
    process.exit(1)
  }, shutdownMs)
  try {
    await cleanup.close()
    await starting
    // A start that was still under way when the signal came may have opened more.
    await cleanup.close()
  } catch (error) {
    clean = false
    log.error({ err: error }, 'closing failed')
  }
  clearTimeout(deadline)
  log.info({ clean }, 'service stopped')
  process.exitCode = clean ? 0 : 1
  setTimeout(() => process.exit(), LINGER_MS).unref()
}

/** Resolves with true on a signal, with false after a crash. */
function stopRequest(log: ServiceLog): PromiseWithResolvers<boolean> {
  const request = Promise.withResolvers<boolean>()
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      log.info({ signal: name }, 'draining')
      request.resolve(true)
    })
  }
  for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(name, (error: unknown) => {
      log.fatal({ err: error }, name)
      request.resolve(false)
    })
  }
  return request
}
