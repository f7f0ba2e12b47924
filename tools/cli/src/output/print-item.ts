import type { CliContext } from '../cli-context.ts'
import { formatColumns } from './columns.ts'
import { note, printJson, printLine } from './print.ts'

interface Form {
  readonly json?: boolean | undefined
}

/** Prints one thing: as JSON, or as lines for a person. */
export async function printItem<T>(
  item: T,
  { json }: Form,
  describe: (item: T) => readonly string[],
  context: CliContext,
): Promise<void> {
  if (json) return printJson(context, item)
  for (const line of describe(item)) await printLine(context, line)
}

/** Prints a list: as JSON, one item a line, or as columns under a heading. */
export async function printItems<T>(
  items: readonly T[],
  { json }: Form,
  columns: Readonly<Record<string, (item: T) => string>>,
  context: CliContext,
): Promise<void> {
  if (json) for (const item of items) await printJson(context, item)
  else if (items.length === 0) note(context, 'There are none.')
  else {
    const rows = items.map((item) => Object.values(columns).map((cell) => cell(item)))
    for (const line of formatColumns(Object.keys(columns), rows)) await printLine(context, line)
  }
}
