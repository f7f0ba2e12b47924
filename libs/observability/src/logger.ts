import { pino, type Logger } from 'pino'
import { serializeError } from './serialize-error.ts'

export type { Logger }

/**
 * JSON lines on standard output: objects first, message last. Errors go under `err`; see {@link serializeError}.
 *
 * @param name the app, on every line
 * @param level lowest level to write
 */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    base: { name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: serializeError },
    formatters: { level: (label) => ({ level: label }) },
  })
}
