import { isExactNumber, isJsonObject, type JsonObject, type JsonValue } from '@runnel/contracts'
import { readJson } from '@runnel/json'

/** What the operations of an action line are called. `delete` alone has no document behind it. */
const OPERATIONS = ['index', 'create', 'update', 'delete'] as const

type BulkOperation = (typeof OPERATIONS)[number]

/** What an action line says. */
export interface BulkAction {
  readonly operation: BulkOperation
  /** Undefined where neither the line nor the path names one. */
  readonly index: string | undefined
  /** Undefined where the client leaves it to the server. */
  readonly id: string | undefined
}

/** Names of indexes have at most 255 bytes and ids 512: a longer line is no action. */
const MAX_ACTION_CHARACTERS = 16_384

/**
 * Reads an action line. Members beside the action, and members of it that mean nothing here (`_type`, `pipeline`, `routing`),
 * are not looked at.
 *
 * @param pathIndex the index that the address names
 * @returns undefined for what is no action line
 */
export function readAction(line: string, pathIndex: string | undefined): BulkAction | undefined {
  if (line.length > MAX_ACTION_CHARACTERS) return undefined
  const value = tryJson(line)
  if (!isJsonObject(value)) return undefined
  const operation = OPERATIONS.find((name) => Object.hasOwn(value, name))
  const meta = operation === undefined ? undefined : value[operation]
  if (operation === undefined || !isJsonObject(meta)) return undefined
  return {
    operation: operation === 'index' ? readOpType(meta) : operation,
    index: readName(meta['_index']) ?? pathIndex,
    id: readName(meta['_id']),
  }
}

/** Clients of older versions ask for `create` within `index`. */
function readOpType(meta: JsonObject): BulkOperation {
  return meta['op_type'] === 'create' || meta['_op_type'] === 'create' ? 'create' : 'index'
}

/** @returns a name; numbers by their digits; undefined for what says nothing */
function readName(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (typeof value === 'number') return String(value)
  return value !== undefined && isExactNumber(value) ? value.rawJSON : undefined
}

function tryJson(text: string): JsonValue | undefined {
  try {
    return readJson(text)
  } catch {
    return undefined
  }
}
