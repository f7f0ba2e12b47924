import type { SenderOptions } from '../sender/create-sender.ts'
import type { SenderLimits } from '../sender/sender-limits.ts'

/** Options of a transport: plain values, for that of pino lives in a thread of its own. */
export interface LoggerOptions extends Partial<SenderLimits>, Pick<SenderOptions, 'url' | 'wait'> {
  readonly key?: string | undefined
  /** The service of every entry. Default: the name of pino's logger; none with winston. */
  readonly service?: string | undefined
  /** Milliseconds that the end of the logger waits for what is queued. pino itself waits for 10 s. Default: 8000. */
  readonly closeMs?: number | undefined
}
