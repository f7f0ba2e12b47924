import { AppError } from '@runnel/contracts'
import type { FastifyRequest } from 'fastify'

interface QuerySchema {
  readonly properties?: object
  readonly patternProperties?: object
}

/**
 * Refuses parameters that a route does not know, by name: a misspelt filter that is ignored looks like an answer. And
 * NUL characters, which Postgres takes nowhere.
 *
 * @throws AppError bad_request | nul_character
 */
export async function checkParameters(request: FastifyRequest): Promise<void> {
  const schema = (request.routeOptions.schema?.querystring ?? {}) as QuerySchema
  const known = Object.keys(schema.properties ?? {})
  const patterns = Object.keys(schema.patternProperties ?? {}).map((pattern) => new RegExp(pattern, 'u'))
  for (const [name, value] of Object.entries(request.query as object)) {
    const field = name.slice(0, 100)
    if ([name, value].flat().some((text) => String(text).includes('\0'))) {
      throw new AppError('nul_character', 'A parameter may not hold NUL characters', { field })
    }
    if (known.includes(name) || patterns.some((pattern) => pattern.test(name))) continue
    throw new AppError('bad_request', `There is no parameter ${JSON.stringify(field)} here`, {
      field,
      expected: known.length === 0 ? 'no parameters' : `one of ${known.join(', ')}`,
    })
  }
}
