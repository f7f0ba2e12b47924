import { styleText } from 'node:util'

const LEVELS: Readonly<Record<string, string>> = {
  '10': 'TRACE',
  '20': 'DEBUG',
  '30': 'INFO',
  '40': 'WARN',
  '50': 'ERROR',
  '60': 'FATAL',
}
/** The same on every line of an app. */
const OMITTED = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name', 'service', 'app'])

/** Makes a line of pino's JSON readable; any other line stays as it is. */
export function formatLog(line: string): string {
  const entry = parseEntry(line)
  if (entry === undefined) return line
  const level = LEVELS[String(entry['level'])] ?? String(entry['level']).toUpperCase()
  const fields = Object.entries(entry)
    .filter(([key]) => !OMITTED.has(key))
    .map(([key, value]) => `${key}=${formatValue(value)}`)
  const words = [level.padEnd(5), String(entry['msg'] ?? ''), styleText('dim', fields.join(' '))]
  return words.join(' ').trimEnd()
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const entry = JSON.parse(line) as Record<string, unknown>
    return 'level' in entry ? entry : undefined
  } catch {
    return undefined
  }
}

function formatValue(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'stack' in value) return `\n${String(value.stack)}`
  return typeof value === 'string' ? value : JSON.stringify(value)
}
