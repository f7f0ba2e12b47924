import { create, ScalarType, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import { AppError, isJsonObject, type JsonValue } from '@runnel/contracts'
import { MAX_MESSAGE_DEPTH } from './message-source.ts'
import { readScalar } from './read-json-scalar.ts'

/**
 * A message from OTLP's own JSON, which is not that of Protocol Buffers: ids of traces and spans are hexadecimal. Beyond what the
 * specification demands it takes what it permits and senders do: 64-bit integers as numbers or texts, enumerations as numbers or names,
 * names of members in snake_case as well. Members that it does not know are ignored.
 *
 * @throws AppError invalid_field | too_deep
 */
export function readJsonMessage<M extends Message>(schema: GenMessage<M>, value: JsonValue): M {
  return readMessage(schema, value, schema.name, 1) as M
}

type Fields = Record<string, unknown>

/** Reads a member into a message. */
type ReadMember = (message: Fields, value: JsonValue, depth: number) => void

/** Of each type of message, by all names that a member may have. */
const readers = new WeakMap<DescMessage, ReadonlyMap<string, ReadMember>>()

function readMessage(schema: DescMessage, value: JsonValue, what: string, depth: number): Fields {
  if (!isJsonObject(value)) throw invalid(what, 'an object')
  if (depth > MAX_MESSAGE_DEPTH) {
    throw new AppError('too_deep', 'The message is nested too deeply', {
      expected: `at most ${MAX_MESSAGE_DEPTH} messages within each other`,
    })
  }
  const members = readersOf(schema)
  const message = create(schema) as unknown as Fields
  for (const name in value) {
    const member = value[name]!
    if (member !== null) members.get(name)?.(message, member, depth)
  }
  return message
}

function readersOf(schema: DescMessage): ReadonlyMap<string, ReadMember> {
  const known = readers.get(schema)
  if (known !== undefined) return known
  const made = new Map<string, ReadMember>()
  readers.set(schema, made)
  for (const field of schema.fields) {
    const read = createReader(field)
    made.set(field.name, read)
    made.set(field.jsonName, read)
  }
  return made
}

function createReader(field: DescField): ReadMember {
  const { localName, oneof } = field
  const read = createValueReader(field)
  if (field.fieldKind === 'list') {
    return (message, value, depth) => {
      if (!Array.isArray(value)) throw invalid(field.jsonName, 'an array')
      message[localName] = value.map((item) => read(item, depth))
    }
  }
  if (oneof === undefined) {
    return (message, value, depth) => {
      message[localName] = read(value, depth)
    }
  }
  return (message, value, depth) => {
    message[oneof.localName] = { case: localName, value: read(value, depth) }
  }
}

function createValueReader(field: DescField): (value: JsonValue, depth: number) => unknown {
  const name = field.jsonName
  if (field.message !== undefined) {
    const { message } = field
    return (value, depth) => readMessage(message, value, name, depth + 1)
  }
  if (field.enum !== undefined) {
    const numbers = new Map(field.enum.values.map((value) => [value.name, value.number]))
    return (value) => numbers.get(value as string) ?? readScalar(ScalarType.INT32, value, name)
  }
  if (isHexId(field)) return (value) => readHex(value, name)
  const type = field.scalar!
  return (value) => readScalar(type, value, name)
}

const HEX_IDS = new Set(['trace_id', 'span_id', 'parent_span_id'])

function isHexId({ name, scalar }: DescField): boolean {
  return scalar === ScalarType.BYTES && HEX_IDS.has(name)
}

function readHex(value: JsonValue, name: string): Uint8Array {
  if (typeof value !== 'string' || value.length % 2 > 0 || !/^[0-9a-fA-F]*$/.test(value)) {
    throw invalid(name, 'hexadecimal text')
  }
  return Buffer.from(value, 'hex')
}

function invalid(name: string, expected: string): AppError {
  return new AppError('invalid_field', `${name} is not ${expected}`, { field: name, expected })
}
