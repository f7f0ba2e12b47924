import { addKeywords, createStrictAjv } from '@runnel/contracts'
import { Ajv } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'

/**
 * Bodies are taken as they are; parameters of a URL are text and have to be read as what the schema says. Both stop at
 * the first error.
 */
export function createValidator(): FastifySchemaCompiler<object> {
  const bodies = createStrictAjv()
  const parameters = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: false, strict: false })
  addKeywords(parameters)
  return ({ schema, httpPart }) => (httpPart === 'body' ? bodies : parameters).compile(schema)
}
