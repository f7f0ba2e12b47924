import { readLevelName } from '@runnel/contracts'
import type { Paint } from '../../output/colours.ts'
import { showText } from '../../output/show-text.ts'
import type { LogEntry } from './log-entry.ts'

const LEVEL_WIDTH = 5
/** Of an entry without a message, which is shown as JSON. */
const MAX_JSON_CHARACTERS = 2000

type Style = Parameters<Paint>[0]

/** Others are dim. */
const STYLES: Readonly<Record<string, Style>> = {
  fatal: 'magenta',
  error: 'red',
  warn: 'yellow',
  info: 'green',
}

/** `2030-01-31T12:00:00.000Z ERROR shop  order 7 was refused`: one line, without anything that a terminal obeys. */
export function formatEntry(entry: LogEntry, paint: Paint): string {
  const { occurredAt, level, service } = entry
  const shownLevel = paint(
    styleOf(level),
    showText(level ?? '-')
      .toUpperCase()
      .padEnd(LEVEL_WIDTH),
  )
  const shownService = paint('cyan', showText(service ?? '-'))
  return `${paint('dim', occurredAt)} ${shownLevel} ${shownService}  ${showText(textOf(entry))}`
}

function textOf({ message, data }: LogEntry): string {
  return message ?? JSON.stringify(data).slice(0, MAX_JSON_CHARACTERS)
}

function styleOf(level: string | null): Style {
  return STYLES[readLevelName(level ?? '')] ?? 'dim'
}
