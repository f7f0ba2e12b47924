import Transport from 'winston-transport'
import type { SenderCounts } from '../sender/create-sender.ts'
import type { OnUndelivered } from '../sender/undelivered.ts'
import type { LoggerOptions } from './logger-options.ts'
import { createLoggerSender, type LoggerSender } from './logger-sender.ts'
import { toLog } from './to-log.ts'

export interface WinstonOptions extends LoggerOptions {
  /** The lowest level that is sent. Default: that of the logger. */
  readonly level?: string | undefined
  readonly silent?: boolean | undefined
  readonly handleExceptions?: boolean | undefined
  readonly handleRejections?: boolean | undefined
  /** Default: a warning of the process, at most once a minute. */
  readonly onUndelivered?: OnUndelivered | undefined
}

/** Where winston keeps the level that `colorize` has not touched. */
const LEVEL = Symbol.for('level')

type Info = Readonly<Record<string | symbol, unknown>>

/** A transport of winston that sends every entry to Runnel. */
export class RunnelTransport extends Transport {
  readonly #sender: LoggerSender
  readonly #service: string | undefined

  constructor({ level, silent, handleExceptions, handleRejections, service, ...options }: WinstonOptions) {
    const own = { level, silent, handleExceptions, handleRejections }
    super(Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)))
    this.#service = service
    this.#sender = createLoggerSender(options)
  }

  override log(info: Info, next: (error?: Error) => void): void {
    const { level, message, timestamp: time, error, ...fields } = info as Readonly<Record<string, unknown>>
    const log = toLog({ level: info[LEVEL] ?? level, message, time, error, service: this.#service, fields })
    void this.#sender.log(log).then(() => {
      this.emit('logged', info)
      next()
    }, next)
  }

  /** What became of the entries so far. */
  counts(): SenderCounts {
    return this.#sender.counts()
  }

  /** `logger.end()` waits for it. */
  override _final(callback: () => void): void {
    void this.#sender.close().then(callback)
  }

  /** The logger let it go. */
  override close(): void {
    if (!this.writableEnded) this.end()
  }
}
