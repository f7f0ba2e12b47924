import build from 'pino-abstract-transport'
import type { LoggerOptions } from './logger-options.ts'
import { createLoggerSender } from './logger-sender.ts'
import { toLog } from './to-log.ts'

export type { LoggerOptions }

type Line = Readonly<Record<string, unknown>>

/** What pino tells a transport about itself. */
interface PinoConfig {
  readonly levels?: { readonly labels: Readonly<Record<number, string>> }
  readonly messageKey?: string
  readonly errorKey?: string
}

/** For `pino({ transport: { target: '@runnel/client/pino', options } })`: sends every line to Runnel. */
export default async function createPinoTransport({ service, ...options }: LoggerOptions) {
  const sender = createLoggerSender(options)
  return build(
    async (source) => {
      for await (const line of source as AsyncIterable<Line>)
        await sender.log(readLine(line, service, source as PinoConfig))
    },
    { expectPinoConfig: true, close: () => sender.close() },
  )
}

function readLine(
  line: Line,
  service: string | undefined,
  { levels, messageKey = 'msg', errorKey = 'err' }: PinoConfig,
) {
  const { level, time, name, [messageKey]: message, [errorKey]: error, ...fields } = line
  const label = levels?.labels[level as number] ?? level
  return toLog({ level: label, time, message, error, service: service ?? name, fields })
}
