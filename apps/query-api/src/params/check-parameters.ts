import { AppError } from '@runnel/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'

interface QuerySchema {
  readonly properties?: object
  readonly patternProperties?: object
}

/**
 * Refuses parameters that a route does not know, by name: an answer that ignores a misspelt filter looks right. And NUL
 * characters, which Postgres stores nowhere. A hook; the error is an AppError bad_request or nul_character.
 */
export function checkParameters(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: AppError) => void,
): void {
  for (const name in request.query as object) {
    const schema = request.routeOptions.schema?.querystring as QuerySchema | undefined
    const error = checkParameter(name, (request.query as Record<string, unknown>)[name], schema ?? {})
    if (error) return done(error)
  }
  done()
}

function checkParameter(name: string, value: unknown, schema: QuerySchema): AppError | undefined {
  const field = name.slice(0, 100)
  if ([name, value].flat().some((text) => String(text).includes('\0'))) {
    return new AppError('nul_character', 'A parameter must not contain NUL characters', { field })
  }
  const known = Object.keys(schema.properties ?? {})
  const patterns = Object.keys(schema.patternProperties ?? {})
  if (known.includes(name) || patterns.some((pattern) => new RegExp(pattern, 'u').test(name)))
    return undefined
  return new AppError('bad_request', `The parameter ${JSON.stringify(field)} is not known here`, {
    field,
    expected: known.length === 0 ? 'no parameters' : `one of ${known.join(', ')}`,
  })
}
