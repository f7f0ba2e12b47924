import type { TObject } from 'typebox'

/**
 * The query of a route for OpenAPI. A parameter with a default is always there for the handler, so that its schema requires it; a
 * caller may leave it out.
 */
export function describeQuery<T>(querystring: T): T {
  const { required, properties } = querystring as Partial<TObject>
  if (required === undefined || properties === undefined) return querystring
  const asked = required.filter((name) => !('default' in properties[name]!))
  return { ...querystring, required: asked }
}
