import { isExactNumber } from '../../api/parse-json.ts'
import type { LogEntry } from '../../api/logs.ts'

export interface Member {
  /** As a field of a query. */
  readonly path: readonly string[]
  /** The same, to be read. */
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
  const others = Object.fromEntries(Object.entries(entry).filter(([name]) => !COLUMNS.has(name)))
  const attributes = membersOf(asObject(entry['attributes']), []).map(withoutColumn)
  return [...attributes, ...membersOf(others, [])]
}

/** Names that mean a column in a query. */
const FIELDS_OF_COLUMNS = new Set(['level', 'service', 'message', 'trace_id', 'traceId'])

function withoutColumn(member: Member): Member {
  const isColumn = member.path.length === 1 && FIELDS_OF_COLUMNS.has(member.name)
  return isColumn ? { ...member, path: ['attributes', member.name] } : member
}

/** Deeper objects are shown as they are. */
const MAX_DEPTH = 4

/** Members of members stand by themselves, so that one can search for them. */
function membersOf(object: Record<string, unknown>, path: readonly string[]): Member[] {
  return Object.entries(object).flatMap(([name, value]) => {
    const inner = asObject(value)
    const isNested = Object.keys(inner).length > 0 && path.length < MAX_DEPTH
    return isNested ? membersOf(inner, [...path, name]) : [toMember([...path, name], value)]
  })
}

/** What stands in the list: the message, or whatever there is where it has none. */
export function entryText({ message, data }: LogEntry): string {
  if (message !== null) return message
  const { msg } = asObject(data)
  return typeof msg === 'string' ? msg : (JSON.stringify(data) ?? '')
}

function toMember(path: readonly string[], value: unknown): Member {
  const isScalar = value === null || typeof value !== 'object' || isExactNumber(value)
  return {
    path,
    name: path.join('.'),
    text: typeof value === 'string' ? value : JSON.stringify(value),
    isScalar: isScalar && value !== null,
  }
}

function asObject(value: unknown): Record<string, unknown> {
  const isObject =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)
  return isObject ? (value as Record<string, unknown>) : {}
}
