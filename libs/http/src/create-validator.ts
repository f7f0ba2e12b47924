import { addKeywords, createStrictAjv } from '@runnel/contracts'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'

/** How an integer is written in a URL. Ajv would also accept `0x10`, `1e3` and blanks. */
const INTEGER = /^-?\d{1,16}$/

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>
}

/**
 * Bodies are validated as they are; parameters of a URL are text, and are converted to the types of the schema. Both stop
 * at the first error.
 */
export function createValidator(): FastifySchemaCompiler<ObjectSchema> {
  const bodies = createStrictAjv()
  const parameters = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: false, strict: false })
  addKeywords(parameters)
  return ({ schema, httpPart }) =>
    httpPart === 'body' ? bodies.compile(schema) : checkIntegers(schema, parameters.compile(schema))
}

/** Checks the texts of integers before Ajv converts them. */
function checkIntegers(schema: ObjectSchema, validate: ValidateFunction): (data: unknown) => boolean {
  const names = Object.entries(schema.properties ?? {})
    .filter(([, { type }]) => type === 'integer')
    .map(([name]) => name)
  const check = (data: unknown): boolean => {
    const values = data as Readonly<Record<string, unknown>>
    const wrong = names.find((name) => typeof values[name] === 'string' && !INTEGER.test(values[name]))
    const valid = wrong === undefined && validate(data)
    check.errors = wrong === undefined ? validate.errors : [noInteger(wrong)]
    return valid
  }
  check.errors = undefined as ErrorObject[] | null | undefined
  return check
}

function noInteger(name: string): ErrorObject {
  return {
    instancePath: `/${name}`,
    schemaPath: `#/properties/${name}/type`,
    keyword: 'type',
    params: { type: 'integer' },
    message: 'must be integer',
  }
}
