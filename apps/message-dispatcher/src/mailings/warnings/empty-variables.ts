import type { AudienceClient } from '@runnel/repositories-mailings'
import { templateScope } from '../../template/template-scope.ts'

/** A variable of a text that says nothing for any client of a sample. */
export interface EmptyVariable {
  readonly name: string
  /** An attribute of a client that has this name. */
  readonly meant?: string
}

/** Members that Liquid computes, of lists and texts. */
const COMPUTED = new Set(['size', 'first', 'last'])

/** @param variables paths, such as attributes, name */
export function emptyForAll(
  variables: readonly (readonly string[])[],
  sample: readonly AudienceClient[],
): EmptyVariable[] {
  if (sample.length === 0) return []
  const scopes = sample.map(templateScope)
  return variables
    .filter((path) => scopes.every((scope) => isEmpty(valueAt(scope, path))))
    .map((path) => {
      const isAttribute = scopes.some((scope) => !isEmpty(valueAt(scope, ['attributes', ...path])))
      return { name: path.join('.'), ...(isAttribute && { meant: `attributes.${path.join('.')}` }) }
    })
}

function valueAt(scope: object, path: readonly string[]): unknown {
  let value: unknown = scope
  for (const name of path) {
    if (value === undefined || value === null) return undefined
    if (typeof value === 'object' && Object.hasOwn(value, name))
      value = (value as Record<string, unknown>)[name]
    else return COMPUTED.has(name) ? value : undefined
  }
  return value
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}
