import { AppError, type JsonObject, type JsonValue } from '@runnel/contracts'

/**
 * A CloudEvent in one form, however it was sent: what is sent again in another mode is the same text, and so the same event
 * under its key.
 */
export interface CloudEvent {
  /** Context attributes and extensions by their names, in the order of the names; without an own `datacontenttype` of JSON. */
  readonly attributes: JsonObject
  readonly id: string
  readonly source: string
  readonly type: string
  readonly data: CloudData
}

/** What an event is about: JSON, text of another type, or bytes. */
export type CloudData =
  | { readonly form: 'none' }
  | { readonly form: 'json'; readonly value: JsonValue }
  | { readonly form: 'text'; readonly text: string }
  | { readonly form: 'bytes'; readonly base64: string }

/** The attributes that an event has to have. */
const REQUIRED = ['specversion', 'id', 'source', 'type'] as const

/** Those that are text where they are there. */
const TEXTS = ['datacontenttype', 'dataschema', 'subject', 'time'] as const

/**
 * @param attributes by their names as they were sent, without data
 * @param field how an error names an attribute
 * @throws AppError missing_field | invalid_field
 */
export function createCloudEvent(
  attributes: ReadonlyMap<string, JsonValue>,
  data: CloudData,
  field: (name: string) => string,
): CloudEvent {
  const [version, id, source, type] = REQUIRED.map((name) => requireText(attributes, name, field))
  if (!version!.startsWith('1.')) {
    throw new AppError('invalid_field', `The specversion ${version!.slice(0, 20)} is not supported`, {
      field: field('specversion'),
      expected: '1.0',
    })
  }
  for (const name of TEXTS) if (attributes.has(name)) requireText(attributes, name, field)
  return { attributes: inOrder(attributes), id: id!, source: source!, type: type!, data }
}

function requireText(
  attributes: ReadonlyMap<string, JsonValue>,
  name: string,
  field: (name: string) => string,
): string {
  const value = attributes.get(name)
  if (typeof value === 'string' && value !== '') return value
  const code = value === undefined ? 'missing_field' : 'invalid_field'
  const message = `The CloudEvent has no ${name}`
  throw new AppError(code, message, { field: field(name), expected: 'text that is not empty' })
}

function inOrder(attributes: ReadonlyMap<string, JsonValue>): JsonObject {
  const named = [...attributes].sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(named.flatMap(([name, value]) => normalise(name, value)))
}

/** JSON in UTF-8 is the default: one mode names it where the other leaves it out. */
function normalise(name: string, value: JsonValue): (readonly [string, JsonValue])[] {
  if (name !== 'datacontenttype' || typeof value !== 'string') return [[name, value]]
  const type = value.replace(/;\s*charset="?utf-8"?\s*$/i, '').trim()
  return type.toLowerCase() === 'application/json' ? [] : [[name, type]]
}
