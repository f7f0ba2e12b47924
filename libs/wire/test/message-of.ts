import { create, ScalarType, type DescField, type DescMessage, type Message } from '@bufbuild/protobuf'
import type { GenMessage } from '@bufbuild/protobuf/codegenv2'
import fc, { type Arbitrary } from 'fast-check'

/**
 * Any message of a schema.
 *
 * @param levels of messages within it at most
 */
export function messageOf<M extends Message>(schema: GenMessage<M>, levels: number): Arbitrary<M> {
  return contentOf(schema, levels).map((content) => create(schema, content as never))
}

function contentOf(schema: DescMessage, levels: number): Arbitrary<object> {
  const members = schema.members.map((member): [string, Arbitrary<unknown>] => {
    if (member.kind === 'oneof') {
      const cases = member.fields.map((field) =>
        valueOf(field, levels).map((value) => ({ case: field.localName, value })),
      )
      return [member.localName, fc.oneof(fc.constant({ case: undefined }), ...cases)]
    }
    return [member.localName, valueOf(member, levels)]
  })
  return fc.record(Object.fromEntries(members), { requiredKeys: [] })
}

function valueOf(field: DescField, levels: number): Arbitrary<unknown> {
  if (field.fieldKind === 'list') {
    const item = field.message ? childOf(field.message, levels) : scalarOf(field)
    return levels > 0 || !field.message ? fc.array(item, { maxLength: 3 }) : fc.constant([])
  }
  return field.message ? childOf(field.message, levels) : scalarOf(field)
}

function childOf(schema: DescMessage, levels: number): Arbitrary<unknown> {
  return levels > 0 ? contentOf(schema, levels - 1) : fc.constant({})
}

const text = fc.oneof(
  fc.constantFrom('', 'http.request.method', 'service.name', 'POST', '\uFEFF', 'größer', '日本語'.repeat(12)),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'grapheme-ascii', minLength: 30, maxLength: 70 }),
)
const int32 = fc.integer()
const uint32 = fc.integer({ min: 0, max: 0xffffffff })
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })

const SCALARS: Partial<Record<ScalarType, Arbitrary<unknown>>> = {
  [ScalarType.STRING]: text,
  [ScalarType.BYTES]: fc.uint8Array({ maxLength: 20 }),
  [ScalarType.BOOL]: fc.boolean(),
  [ScalarType.DOUBLE]: fc.double(),
  [ScalarType.INT32]: int32,
  [ScalarType.SINT32]: int32,
  [ScalarType.UINT32]: uint32,
  [ScalarType.FIXED32]: uint32,
  [ScalarType.INT64]: int64,
  [ScalarType.SINT64]: int64,
  [ScalarType.SFIXED64]: int64,
  [ScalarType.UINT64]: uint64,
  [ScalarType.FIXED64]: uint64,
}

function scalarOf(field: DescField): Arbitrary<unknown> {
  if (field.enum) return fc.constantFrom(...field.enum.values.map(({ number }) => number), 77)
  const scalar = SCALARS[field.scalar!]
  if (scalar === undefined) throw new Error(`no values of ${String(field)}`)
  return scalar
}
