const ERROR_LEVELS: ReadonlySet<string> = new Set(['error', 'fatal'])

/** A log line as an app writes it. */
interface LogLine {
  readonly level?: string
  readonly name?: string
  readonly msg?: string
  readonly err?: { readonly type?: string; readonly message?: string; readonly code?: string }
}

/** @returns every line of level error and above, shortened; and lines that are not JSON, like a stack trace of Node */
export function findErrors(log: string): string[] {
  return log.split('\n').flatMap((text) => {
    if (text.trim() === '') return []
    const line = parse(text)
    if (line === undefined) return [`not JSON: ${text.slice(0, 200)}`]
    if (!ERROR_LEVELS.has(line.level ?? '')) return []
    const { name, msg, err } = line
    return [`${name}: ${msg}${err ? ` (${err.code ?? err.type}: ${err.message})` : ''}`.slice(0, 500)]
  })
}

/** A process that was killed may leave half a line. */
function parse(text: string): LogLine | undefined {
  try {
    return JSON.parse(text) as LogLine
  } catch {
    return text.startsWith('{') ? {} : undefined
  }
}
