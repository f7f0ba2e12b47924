import { createSender, type Sender, type SenderOptions } from '../sender/create-sender.ts'
import type { SenderLimits } from '../sender/sender-limits.ts'

/** Options of a transport: plain values, for that of pino lives in a thread of its own. */
export interface LoggerOptions extends Partial<SenderLimits>, Pick<SenderOptions, 'url' | 'wait'> {
  readonly key?: string | undefined
  /** The service of every entry. Default: the name of pino's logger; none with winston. */
  readonly service?: string | undefined
  /** Default: `drop`. Loggers do not wait: with `wait`, entries pile up in front of the transport. */
  readonly whenFull?: 'wait' | 'drop' | undefined
  /** Milliseconds that the end of the logger waits for what is queued. pino itself waits for 10 s. */
  readonly closeMs?: number | undefined
}

/** Loggers write in bursts that no caller slows down. */
const QUEUE_EVENTS = 100_000
const CLOSE_MS = 8000

/** The sender of a transport. */
export interface LoggerSender extends Pick<Sender, 'log'> {
  /** Never throws: what is left after `closeMs` is reported. */
  close(): Promise<void>
}

export function createLoggerSender(options: LoggerOptions): LoggerSender {
  const { closeMs = CLOSE_MS, ...others } = options
  const sender = createSender({ whenFull: 'drop', queueEvents: QUEUE_EVENTS, ...others })
  return {
    log: sender.log,
    close: () => sender.close(AbortSignal.timeout(closeMs)).catch(() => {}),
  }
}
