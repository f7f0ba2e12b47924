import type { MessagingLog } from './messaging-log.ts'

/**
 * What to do with a batch that a handler rejects. One that the drain has interrupted did not fail: it is given back, and
 * delivered again.
 */
export function logHandlerError(
  log: MessagingLog,
  stream: string,
  stop: AbortSignal,
): (error: unknown) => void {
  return (error) => {
    const isInterrupted = stop.aborted && (error as Error | undefined)?.name === 'AbortError'
    if (isInterrupted) log.debug({ stream }, 'A batch was given back')
    else log.error({ stream, err: error }, 'Handling a batch failed')
  }
}
