import type { AudienceClient } from '@runnel/repositories-mailings'
import { isOneEditAway } from '../../is-one-edit-away.ts'
import { templateScope } from '../../template/template-scope.ts'

/** A variable of a text that says nothing for any client of a sample. */
export interface EmptyVariable {
  readonly name: string
  /** The variable that was probably meant. */
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
      const meant = meantPath(scopes, path)
      return { name: path.join('.'), ...(meant && { meant: meant.join('.') }) }
    })
}

/** The attribute without its prefix, or the neighbour of nearly the same name, that says something for a client of the sample. */
function meantPath(scopes: readonly object[], path: readonly string[]): readonly string[] | undefined {
  const isFilled = (candidate: readonly string[]) =>
    scopes.some((scope) => !isEmpty(valueAt(scope, candidate)))
  const prefixed = ['attributes', ...path]
  if (isFilled(prefixed)) return prefixed
  const [parent, name = ''] = [path.slice(0, -1), path.at(-1)]
  const near = scopes
    .flatMap((scope) => namesOf(valueAt(scope, parent)))
    .find((neighbour) => isOneEditAway(name, neighbour) && isFilled([...parent, neighbour]))
  return near === undefined ? undefined : [...parent, near]
}

function namesOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []
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
