import fc from 'fast-check'
import { hostileText } from './hostile-text.ts'

const name = fc.oneof(
  fc.constantFrom(
    'id',
    'name',
    'data',
    'value',
    'tags',
    'level',
    'message',
    'price',
    'eventId',
    'timestamp',
    'version',
  ),
  fc.constantFrom(
    'attributes',
    'manufacturer',
    'Name',
    'ID',
    'service',
    'unit',
    'key',
    'op',
    '__proto__',
    'toString',
    '',
  ),
  hostileText(12),
)

const scalar = fc.oneof(
  hostileText(),
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -0, 1e20, 2 ** 53, 2 ** 53 - 1, -1, 1e300, 5e-324, true, false, null),
  fc.constantFrom(
    '2026-11-20T08:00:00Z',
    '2026-02-30',
    '0000-01-01',
    '9999-12-31 23:59:59,999+23:59',
    '1'.repeat(600),
  ),
)

const { value: jsonValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 4, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
    {
      weight: 2,
      arbitrary: fc.array(fc.tuple(name, tie('value')), { maxLength: 5 }).map(Object.fromEntries),
    },
  ),
}))

/** Events of all kinds, nearly right. */
const event = fc.oneof(
  fc.record({ data: fc.record({ name: scalar, value: scalar, tags: jsonValue }, { requiredKeys: [] }) }, {}),
  fc.record(
    { id: scalar, name: scalar, price: fc.double(), manufacturer: scalar, version: scalar, x: jsonValue },
    { requiredKeys: ['name', 'price'] },
  ),
  fc.record(
    { level: scalar, message: scalar, attributes: jsonValue, eventId: scalar, timestamp: scalar },
    { requiredKeys: [] },
  ),
  jsonValue,
)

/** As some writers write: with escapes where none are needed, blanks, and members twice. */
function write(value: unknown, style: number): string {
  const text = JSON.stringify(value, undefined, style % 3 === 0 ? 1 : 0) ?? 'null'
  if (style === 1)
    return text.replace(
      /[a-z\u0080-\uffff]/g,
      (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
  if (style === 2) return text.replace(/^\{(".*)\}$/s, '{$1,$1}')
  return text
}

/** The text of one valid JSON value. */
export const jsonText: fc.Arbitrary<string> = fc
  .tuple(event, fc.nat(6))
  .map(([value, style]) => write(value, style))

/** JSON that goes deep, about as far as is allowed and beyond. */
const deepText: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 1, max: 200 }), fc.boolean(), jsonText)
  .map(([depth, isArray, inner]) =>
    isArray
      ? '['.repeat(depth) + inner + ']'.repeat(depth)
      : '{"a":'.repeat(depth) + inner + '}'.repeat(depth),
  )

/** A value or a deep one. */
export const anyJsonText = fc.oneof({ weight: 9, arbitrary: jsonText }, { weight: 1, arbitrary: deepText })
