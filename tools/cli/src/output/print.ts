import { once } from 'node:events'
import type { CliContext } from '../cli-context.ts'

type Outputs = Pick<CliContext, 'out' | 'err' | 'signal'>

/** Writes a line of the results, and waits where whoever reads them is slower. @throws the reason of the signal */
export async function printLine({ out, signal }: Outputs, line: string): Promise<void> {
  signal.throwIfAborted()
  if (!out.write(`${line}\n`)) await once(out, 'drain', { signal })
}

/** Writes one JSON value on one line. */
export function printJson(outputs: Outputs, value: unknown): Promise<void> {
  return printLine(outputs, JSON.stringify(value))
}

/** Writes a note for a person, beside the results. */
export function note({ err }: Pick<CliContext, 'err'>, text: string): void {
  err.write(`${text}\n`)
}
