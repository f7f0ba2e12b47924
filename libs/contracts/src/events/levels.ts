/** The levels that a log entry has in answers and filters, from harmless to worst. */
export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

type Level = (typeof LEVELS)[number]

/** The one table of levels: what loggers call them, in lower case. Digits are those of pino and bunyan, as texts too. */
const SPELLINGS: Readonly<Record<Level, readonly string[]>> = {
  trace: ['trace', 'trc', 't', 'finest', 'finer', 'silly', '10'],
  debug: ['debug', 'dbg', 'd', 'fine', 'verbose', '20'],
  info: ['info', 'inf', 'i', 'information', 'informational', '30'],
  warn: ['warn', 'wrn', 'w', 'warning', '40'],
  error: ['error', 'err', 'e', 'severe', '50'],
  fatal: ['fatal', 'ftl', 'f', 'critical', 'crit', 'alert', 'emergency', 'emerg', 'panic', 'dpanic', '60'],
}

const LEVEL_OF_NAME: ReadonlyMap<string, Level> = new Map(
  LEVELS.flatMap((level) => SPELLINGS[level].map((name) => [name, level] as const)),
)

/** Severities of syslog and GELF, from 0 on. */
const SYSLOG: readonly Level[] = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug']

/** What is left out at either end; the same characters as in {@link LEVEL_BLANKS}. */
const PADDED = /^[ \t\r\n]+|[ \t\r\n]+$/g

/** For SQL that reads levels as {@link readLevelName} does. */
export const LEVEL_BLANKS = ' \t\r\n'

/**
 * A level by its name, whatever its case: `WARNING` is warn. A name outside of the table stays as it is, in lower case (ASCII, as
 * SQL has it): `Notice` is notice.
 */
export function readLevelName(name: string): string {
  const known = LEVEL_OF_NAME.get(name)
  if (known !== undefined) return known
  const plain = name.replace(PADDED, '').replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  return LEVEL_OF_NAME.get(plain) ?? plain
}

/** @returns the level of a number of pino or bunyan; undefined for any other */
export function levelOfPino(number: number): Level | undefined {
  return LEVEL_OF_NAME.get(String(number))
}

/** @returns the level of a severity of syslog; undefined for any other number */
export function levelOfSyslog(severity: number): Level | undefined {
  return SYSLOG[severity]
}

/**
 * @param level as {@link readLevelName} gives it
 * @returns every name, in lower case, that stands for it
 */
export function spellingsOf(level: string): readonly string[] {
  return Object.hasOwn(SPELLINGS, level) ? SPELLINGS[level as Level] : [level]
}
