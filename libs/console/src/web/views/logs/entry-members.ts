import { isExactNumber } from '../../api/parse-json.ts'
import type { LogEntry } from '../../api/logs.ts'

export interface Member {
  readonly name: string
  readonly text: string
  /** Can be filtered by. */
  readonly isScalar: boolean
}

/** Members that have columns of their own. */
const COLUMNS = new Set(['level', 'service', 'message', 'timestamp', 'attributes'])

/** What an entry carries beyond its columns: its attributes, then other members. */
export function entryMembers({ data }: LogEntry): Member[] {
  const entry = asObject(data)
  const attributes = Object.entries(asObject(entry['attributes']))
  const others = Object.entries(entry).filter(([name]) => !COLUMNS.has(name))
  return [...attributes, ...others].map(([name, value]) => toMember(name, value))
}

/** What stands in the list: the message, or whatever there is where it has none. */
export function entryText({ message, data }: LogEntry): string {
  if (message !== null) return message
  const { msg } = asObject(data)
  return typeof msg === 'string' ? msg : (JSON.stringify(data) ?? '')
}

function toMember(name: string, value: unknown): Member {
  const isScalar = value === null || typeof value !== 'object' || isExactNumber(value)
  return {
    name,
    text: typeof value === 'string' ? value : JSON.stringify(value),
    isScalar: isScalar && value !== null,
  }
}

function asObject(value: unknown): Record<string, unknown> {
  const isObject =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)
  return isObject ? (value as Record<string, unknown>) : {}
}
