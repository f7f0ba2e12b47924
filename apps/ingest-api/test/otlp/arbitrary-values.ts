import type { MessageInitShape } from '@bufbuild/protobuf'
import type { AnyValueSchema, KeyValueSchema } from '@runnel/wire/opentelemetry/common/v1/common'
import fc from 'fast-check'

type AnyInit = MessageInitShape<typeof AnyValueSchema>
type KeyInit = MessageInitShape<typeof KeyValueSchema>

/** A value of OTLP, and what it has to become in JSON. */
interface ArbitraryValue {
  readonly any: AnyInit
  readonly json: unknown
}

export interface ArbitraryAttributes {
  readonly attributes: KeyInit[]
  readonly json: Record<string, unknown>
}

/** Whole characters, NUL aside: what is refused is looked at elsewhere. */
export const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((one) => !one.includes('\0'))

const integer = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -9n, max: 9n }),
)
const isSafe = (value: bigint) => Number.isSafeInteger(Number(value))

const scalar: fc.Arbitrary<ArbitraryValue> = fc.oneof(
  text.map((value) => ({ any: { value: { case: 'stringValue' as const, value } }, json: value })),
  fc.boolean().map((value) => ({ any: { value: { case: 'boolValue' as const, value } }, json: value })),
  integer.map((value) => ({
    any: { value: { case: 'intValue' as const, value } },
    json: isSafe(value) ? Number(value) : String(value),
  })),
  fc.double().map((value) => ({
    any: { value: { case: 'doubleValue' as const, value } },
    // JSON knows no negative zero.
    json: Number.isFinite(value) ? value + 0 : String(value),
  })),
  fc.uint8Array({ maxLength: 9 }).map((value) => ({
    any: { value: { case: 'bytesValue' as const, value } },
    json: Buffer.from(value).toString('base64'),
  })),
  fc.constant({ any: {}, json: null }),
)

const KEYS = fc.oneof(text, fc.constantFrom('__proto__', 'toString', 'a.b', 'service', 'name'))

const { value } = fc.letrec<{ value: ArbitraryValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }).map((items) => ({
      any: { value: { case: 'arrayValue' as const, value: { values: items.map(({ any }) => any) } } },
      json: items.map(({ json }) => json),
    })),
    membersOf(tie('value')).map(({ attributes, json }) => ({
      any: { value: { case: 'kvlistValue' as const, value: { values: attributes } } },
      json,
    })),
  ),
}))

function membersOf(values: fc.Arbitrary<ArbitraryValue>): fc.Arbitrary<ArbitraryAttributes> {
  const entries = fc.uniqueArray(fc.tuple(KEYS, values), { selector: ([key]) => key, maxLength: 4 })
  return entries.map((members) => ({
    attributes: members.map(([key, { any }]) => ({ key, value: any })),
    json: Object.fromEntries(members.map(([key, { json }]) => [key, json])),
  }))
}

export const anyValue = value
export const attributes = membersOf(value)
