import { AppError, isJsonObject, type JsonObject, type JsonValue } from '@runnel/contracts'
import { createCloudEvent, type CloudData, type CloudEvent } from './cloud-event.ts'
import { isJsonType, readData } from './read-data.ts'

const DATA_MEMBERS = new Set(['data', 'data_base64'])

/** With its padding or without it. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/**
 * A CloudEvent in its JSON format.
 *
 * @throws AppError of this event
 */
export function readStructured(value: JsonValue): CloudEvent {
  if (!isJsonObject(value)) {
    const details = { field: '', expected: 'an object' }
    throw new AppError('invalid_field', 'A CloudEvent is a JSON object', details)
  }
  const attributes = new Map<string, JsonValue>()
  // An attribute that is null counts as missing.
  for (const name in value) {
    if (!DATA_MEMBERS.has(name) && value[name] !== null) attributes.set(name, value[name]!)
  }
  return createCloudEvent(attributes, dataOf(value), (name) => `/${name}`)
}

function dataOf(event: JsonObject): CloudData {
  const { data, data_base64: base64, datacontenttype } = event
  const type = typeof datacontenttype === 'string' ? datacontenttype : undefined
  if (base64 !== undefined && base64 !== null) return fromBase64(base64, data, type)
  if (data === undefined || data === null) return { form: 'none' }
  if (typeof data === 'string' && !isJsonType(type)) return { form: 'text', text: data }
  return { form: 'json', value: data }
}

function fromBase64(base64: JsonValue, data: JsonValue | undefined, type: string | undefined): CloudData {
  if (typeof base64 !== 'string' || !BASE64.test(base64)) {
    throw new AppError('invalid_field', 'data_base64 is not Base64', {
      field: '/data_base64',
      expected: 'Base64',
    })
  }
  if (data !== undefined && data !== null) {
    throw new AppError('invalid_field', 'The CloudEvent has data and data_base64', {
      field: '/data_base64',
      expected: 'one of them',
    })
  }
  const bytes = Buffer.from(base64, 'base64')
  return type === undefined ? readUntyped(bytes) : readData(bytes, type)
}

/** The SDK for JavaScript names no type for bytes: those that are no JSON are bytes. @throws AppError too_deep */
function readUntyped(bytes: Buffer): CloudData {
  try {
    return readData(bytes, undefined)
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'bad_json' && error.code !== 'bad_encoding'))
      throw error
    return { form: 'bytes', base64: bytes.toString('base64') }
  }
}
