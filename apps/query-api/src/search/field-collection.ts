import { isJsonObject, type JsonValue } from '@runnel/contracts'
import { writeField, type FieldPath } from '@runnel/contracts/log-query'

/** Fields that are told apart, and values of each. */
const MAX_FIELDS = 300
const MAX_SEEN_VALUES = 200
const MAX_VALUES = 20
/** Longer values are no help to who types. */
const MAX_VALUE_CHARACTERS = 60
/** Members of members. */
const MAX_DEPTH = 4

/** Names that mean a column in a query. */
const COLUMNS: ReadonlySet<string> = new Set(['level', 'service', 'message', 'trace_id', 'traceId'])
/** Members of an entry that are no fields of their own. */
const NO_FIELDS: ReadonlySet<string> = new Set([...COLUMNS, 'timestamp', 'attributes'])

/** The fields that entries have, with values, as one writes them in queries. */
export class FieldCollection {
  readonly #fields = new Map<string, { count: number; values: Map<string, number> }>()

  /** Counts a value of a field. */
  add(path: FieldPath, value?: string): void {
    const name = writeField(path)
    let field = this.#fields.get(name)
    if (!field) {
      if (this.#fields.size >= MAX_FIELDS) return
      this.#fields.set(name, (field = { count: 0, values: new Map() }))
    }
    field.count++
    const { values } = field
    if (value === undefined || value === '' || value.length > MAX_VALUE_CHARACTERS) return
    if (values.has(value) || values.size < MAX_SEEN_VALUES) values.set(value, (values.get(value) ?? 0) + 1)
  }

  /** @param data of an entry */
  addEntry(data: JsonValue): void {
    if (!isJsonObject(data)) return
    const attributes = data['attributes']
    if (attributes !== undefined && isJsonObject(attributes)) {
      for (const [name, value] of Object.entries(attributes))
        this.#addMember(COLUMNS.has(name) ? ['attributes', name] : [name], value)
    }
    for (const [name, value] of Object.entries(data)) if (!NO_FIELDS.has(name)) this.#addMember([name], value)
  }

  /** The most frequent fields first. */
  list(): { field: string; count: number; values: string[] }[] {
    return [...this.#fields]
      .sort(([a, { count: many }], [b, { count: more }]) => more - many || (a < b ? -1 : 1))
      .map(([field, { count, values }]) => ({ field, count, values: mostFrequent(values) }))
  }

  #addMember(path: FieldPath, value: JsonValue): void {
    if (value === null) return
    if (isJsonObject(value) && path.length < MAX_DEPTH) {
      for (const [name, inner] of Object.entries(value)) this.#addMember([...path, name], inner)
    } else this.add(path, Array.isArray(value) || isJsonObject(value) ? undefined : String(value))
  }
}

function mostFrequent(values: ReadonlyMap<string, number>): string[] {
  return [...values]
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, MAX_VALUES)
    .map(([value]) => value)
}
