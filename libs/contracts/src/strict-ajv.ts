import { Ajv, type ErrorObject } from 'ajv'
import { AppError, type ErrorCode } from './app-error.ts'
import { namesZone, parseTimestamp } from './events/parse-timestamp.ts'
import { TimestampText } from './events/primitives.ts'

/**
 * An Ajv that changes nothing: no coercion, no defaults, no removal. It stops at the first error, so that a hostile
 * body cannot make it collect thousands.
 *
 * `strict: false` lets the keywords below stand in published schemas.
 */
export function createStrictAjv(): Ajv {
  const ajv = new Ajv({
    coerceTypes: false,
    removeAdditional: false,
    useDefaults: false,
    allErrors: false,
    strict: false,
    ownProperties: true,
  })
  addKeywords(ajv)
  return ajv
}

/** The keywords of published schemas that JSON Schema lacks: `maxBytes` for texts, `timestamp`, and `zoned` for one with its zone. */
export function addKeywords(ajv: Ajv): void {
  ajv.addKeyword({
    keyword: 'maxBytes',
    type: 'string',
    schemaType: 'number',
    error: { message: ({ schema }) => `must be at most ${String(schema)} bytes of UTF-8` },
    validate: (limit: number, text: string) => text.length * 3 <= limit || Buffer.byteLength(text) <= limit,
  })
  ajv.addKeyword({
    keyword: 'timestamp',
    type: ['string', 'number'],
    schemaType: 'boolean',
    error: { message: `must be a time: ${TimestampText}` },
    validate: (_wanted: boolean, value: string | number) => parseTimestamp(value) !== undefined,
  })
  ajv.addKeyword({
    keyword: 'zoned',
    type: 'string',
    schemaType: 'boolean',
    error: {
      message: 'must be a time with its zone: add Z for UTC or an offset, e.g. 2026-03-31T18:00:00+03:00',
    },
    validate: (_wanted: boolean, text: string) => namesZone(text),
  })
}

/** The first complaint of Ajv as an error that a caller can act on. */
export function describeSchemaError(error: ErrorObject | undefined): AppError {
  if (!error) return new AppError('invalid_field', 'The value does not fit its schema')
  const missing = error.params['missingProperty'] as string | undefined
  const pointer = missing === undefined ? error.instancePath : `${error.instancePath}/${missing}`
  const field = pointer.length > 200 ? `${pointer.slice(0, 200)}...` : pointer
  const expected = missing === undefined ? describeExpected(error) : 'to be there'
  const where = field === '' ? 'the body' : field
  return new AppError(codeOf(error.keyword), `${where} ${missing === undefined ? expected : 'is missing'}`, {
    field,
    expected: expected.replace(/^must (be )?/, ''),
  })
}

/** Ajv names the allowed values only in the parameters of an error. */
function describeExpected({ message, params }: ErrorObject): string {
  if ('allowedValue' in params) return `must be ${JSON.stringify(params['allowedValue'])}`
  if ('allowedValues' in params) return `must be one of ${JSON.stringify(params['allowedValues'])}`
  if ('additionalProperty' in params)
    return `must not have a member ${JSON.stringify(params['additionalProperty'])}`
  return message ?? 'something else'
}

function codeOf(keyword: string): ErrorCode {
  if (keyword === 'required') return 'missing_field'
  return keyword === 'maxBytes' ? 'text_too_long' : 'invalid_field'
}
